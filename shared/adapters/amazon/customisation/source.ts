import { type CustomisationSource, RefusedCustomisation } from '../../../ports/customisation-source.ts';
import { readPackage } from './read.ts';
import { HostilePackage, UnreadablePackage } from './unpack.ts';

/**
 * Amazon Custom packages.
 * @param download bytes behind an address, limited in size and time; fails with `PartnerError` and never names the address
 */
export function createAmazonCustomisationSource(
  download: (url: string) => Promise<Buffer>,
): CustomisationSource {
  return {
    async fetchPackage(url) {
      const packed = await download(url);
      try {
        return { packed, ...(await readPackage(packed)) };
      } catch (cause) {
        if (cause instanceof HostilePackage) throw new RefusedCustomisation('hostile-package', { cause });
        if (cause instanceof UnreadablePackage)
          throw new RefusedCustomisation('unreadable-package', { cause });
        throw cause;
      }
    },
  };
}
