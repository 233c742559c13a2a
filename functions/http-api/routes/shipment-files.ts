import type { Language } from '../../../shared/domain/texts/index.ts';
import { fileProblemText } from '../../../shared/domain/texts/shipments/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  listShipmentFiles,
  readShipmentFile,
  requestShipmentFileUpload,
  type ShipmentFilesDeps,
} from '../../../shared/usecases/shipment-files.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Implementations } from '../implementation.ts';

const LIST = 'shipment files';

/** Files of shipments that were made elsewhere. */
export function shipmentFileRoutes(
  deps: ShipmentFilesDeps,
): Pick<Implementations, 'requestShipmentFileUpload' | 'listShipmentFiles' | 'readShipmentFile'> {
  return {
    async requestShipmentFileUpload({ body, caller, requestId }) {
      const by = { actor: caller.subject, activityId: requestId.replaceAll(/[^\w-]/g, '_') };
      const { url, headers, objectKey, expiresAt } = await requestShipmentFileUpload(deps, body, by);
      return { body: { method: 'PUT', url, headers: { ...headers }, objectKey, expiresAt } };
    },

    async listShipmentFiles({ query: { limit, cursor } }) {
      const page = await listShipmentFiles(deps, { limit, after: openCursor(cursor, LIST) });
      return { body: { files: page.results.map(listed), cursor: sealCursor(page.next, LIST) } };
    },

    async readShipmentFile({ params: { fileId } }) {
      const result = await readShipmentFile(deps, fileId);
      if (result === undefined) throw new Problem('not-found');
      const rejected = result.rejected.map((row) => ({ line: row.line, ...inWords(row) }));
      return { body: { ...listed(result), rejected } };
    },
  };
}

type Result = NonNullable<Awaited<ReturnType<typeof readShipmentFile>>>;

function listed({ rejected, problem, ...result }: Result) {
  return {
    ...result,
    problem: problem === undefined ? null : inWords(problem),
    rejectedRows: rejected.length,
  };
}

function inWords(problem: NonNullable<Result['problem']>) {
  const words = (language: Language) => fileProblemText(problem, language);
  return { code: problem.code, it: words('it'), en: words('en') };
}
