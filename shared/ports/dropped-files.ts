/** A file that somebody put into an incoming folder, as it stands at this moment. */
export interface DroppedFile {
  /** The natural key of the upload; later uploads sort behind. */
  readonly fileId: string;
  readonly objectKey: string;
  /** The key without its folder. */
  readonly fileName: string;
  /** ISO instant, to the second. */
  readonly uploadedAt: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** Files that people drop into one folder of the bucket, and what came of each. */
export interface DroppedFiles<Result> {
  /** Undefined when the object is gone, or is none of the folder's. */
  find(objectKey: string): Promise<DroppedFile | undefined>;
  /** All bytes of exactly this file; fails as unavailable when it was overwritten meanwhile. */
  read(file: DroppedFile): Promise<Uint8Array>;
  /** Those that are in the folder, in no order. */
  list(): AsyncIterable<DroppedFile>;
  resultOf(fileId: string): Promise<Result | undefined>;
  keepResult(fileId: string, result: Result): Promise<void>;
  /** Newest first. @param page `after`: the file id that the page before ended with */
  listResults(page: {
    readonly limit: number;
    readonly after?: string | undefined;
  }): Promise<{ readonly results: readonly Result[]; readonly next?: string | undefined }>;
}
