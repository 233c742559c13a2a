/** One thing the buyer wrote, chose or uploaded for a customised line. Personal data: it may hold a name. */
export interface CustomisationPart {
  /** The side or surface it belongs to, when the marketplace names it: `Front`. */
  readonly surface: string | undefined;
  readonly label: string;
  readonly kind: 'text' | 'option' | 'font' | 'colour' | 'image';
  /** What was written or chosen; of an image, the name of its file in the package. */
  readonly value: string;
  readonly font?: string | undefined;
  readonly colour?: string | undefined;
}

/** A customised order line, read. Kept with the buyer's data, never in the order. */
export interface Customisation {
  readonly parts: readonly CustomisationPart[];
  /** Kinds of parts that are not understood: the operator opens the raw file. */
  readonly notUnderstood: readonly string[];
  readonly files: readonly CustomisationFile[];
}

export interface CustomisationFile {
  /** The name in the package, without any folder. */
  readonly name: string;
  readonly mediaType: 'application/json' | 'application/xml' | 'image/jpeg' | 'image/png' | 'image/svg+xml';
  readonly sizeBytes: number;
}

/** Why a customisation is not there, in our words. */
export type CustomisationProblem =
  /** The marketplace names no file yet, or never: an option in Seller Central may be off. */
  | 'no-file-named'
  /** The file is named and cannot be had right now. */
  | 'not-downloadable'
  /** The package is larger, has more files or names than an honest one. */
  | 'hostile-package'
  /** The package cannot be read, or holds no description. */
  | 'unreadable-package'
  /** Personal data may not be read: the application lacks the marketplace's restricted role. */
  | 'not-permitted';
