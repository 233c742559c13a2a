import type { S3Client } from '@aws-sdk/client-s3';
import { loadedLater } from '../../runtime/loaded-later.ts';
import { S3_CONFIG } from './client-config.ts';

/** The SDK's S3, and a client of it. */
interface S3 {
  readonly sdk: typeof import('@aws-sdk/client-s3');
  readonly client: S3Client;
}
/** For functions most calls of which need no file. */
export type S3Later = () => Promise<S3>;

export function createS3Later(): S3Later {
  return loadedLater(async () => {
    const sdk = await import('@aws-sdk/client-s3');
    return { sdk, client: new sdk.S3Client(S3_CONFIG) };
  });
}

/** Signs addresses with the function's own role. No checksum: whoever uploads has only the file and the address. */
export function createSigningLater(): S3Later {
  return loadedLater(async () => {
    const sdk = await import('@aws-sdk/client-s3');
    return { sdk, client: new sdk.S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }) };
  });
}
