/** Where and how one file can be uploaded without further permission. */
export interface UploadAddress {
  readonly url: string;
  /** Have to be sent as they are. */
  readonly headers: Readonly<Record<string, string>>;
  readonly objectKey: string;
}

/** The one file that an address is for. */
export interface WantedUpload {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** ISO instant; files of the same name uploaded at different times are different objects. */
  readonly at: string;
  readonly validMs: number;
}

export interface ReportAddresses {
  /** An address for exactly this many bytes of this type; anything else is refused there. */
  address(wanted: WantedUpload & { readonly channelId: string }): Promise<UploadAddress>;
}

/** The same, for files that belong to no channel. */
export interface FileAddresses {
  address(wanted: WantedUpload): Promise<UploadAddress>;
}
