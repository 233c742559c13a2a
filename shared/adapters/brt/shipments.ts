import type {
  CreatedShipment,
  LabelFormat,
  ShipmentCreator,
  ShipmentWarning,
} from '../../ports/shipment-creator.ts';
import type { BrtClient, ShipmentCallAnswer } from './client.ts';
import { createDataOf, referenceDataOf } from './create-data.ts';
import { problemOf, unexpected } from './errors.ts';
import { createdSchema } from './schemas.ts';

/** Confirming what is confirmed, and deleting what was never made or is older than 40 days, are done. */
const ALREADY_CONFIRMED = -102;
const NEVER_CREATED = -151;

const FIRST_BYTES: Readonly<Record<LabelFormat, string>> = { PDF: '%PDF-', ZPL: '^XA' };

/** Shipments made with BRT's REST API (Shipment: create, confirm, delete). */
export function createBrtShipments(clientOf: (accountId: string) => Promise<BrtClient>): ShipmentCreator {
  return {
    async create(request, recipient) {
      const client = await clientOf(request.courierAccountId);
      const answer = await client.ship({
        operation: 'create',
        method: 'POST',
        path: '/shipments/shipment',
        body: {
          createData: createDataOf(client.account, request, recipient),
          isLabelRequired: 1,
          labelParameters: { outputType: request.labelFormat },
        },
      });
      return created(answer, request.parcelCount, request.labelFormat);
    },

    async confirm(references) {
      const client = await clientOf(references.courierAccountId);
      const { code } = await client.ship({
        operation: 'confirm',
        method: 'PUT',
        path: '/shipments/shipment',
        body: { confirmData: referenceDataOf(client.account, references) },
        settledBy: ALREADY_CONFIRMED,
      });
      return code === ALREADY_CONFIRMED ? 'already-confirmed' : 'confirmed';
    },

    async delete(references) {
      const client = await clientOf(references.courierAccountId);
      const { code } = await client.ship({
        operation: 'delete',
        method: 'PUT',
        path: '/shipments/delete',
        body: { deleteData: referenceDataOf(client.account, references) },
        settledBy: NEVER_CREATED,
      });
      return code === NEVER_CREATED ? 'never-existed' : 'deleted';
    },
  };
}

function created(
  { answer, code, reaction }: ShipmentCallAnswer,
  parcelCount: number,
  format: LabelFormat,
): CreatedShipment {
  const parsed = createdSchema.safeParse(answer);
  if (!parsed.success) throw unexpected('create', problemOf(parsed.error.issues));
  const { labels, ...consignee } = parsed.data;
  if (labels.label.length !== parcelCount) {
    throw unexpected('create', `${labels.label.length} labels for ${parcelCount} parcels`);
  }
  const parcels = labels.label.map(({ parcelID, trackingByParcelID, stream }) => {
    const label = Buffer.from(stream, 'base64');
    // A label that is none would be noticed at the packing table, by nobody who could tell why.
    if (!label.subarray(0, 16).toString('latin1').trimStart().startsWith(FIRST_BYTES[format])) {
      throw unexpected('create', `a label that is no ${format}`);
    }
    return { parcelId: parcelID, trackingByParcelId: trackingByParcelID, label };
  });
  const warnings: ShipmentWarning[] = [];
  if (reaction.do === 'go-on-with-warning') {
    warnings.push(
      reaction.warning === 'address-normalised'
        ? {
            kind: 'address-normalised',
            address: {
              name: consignee.consigneeCompanyName,
              postcode: consignee.consigneeZIPCode,
              city: consignee.consigneeCity,
              province: consignee.consigneeProvinceAbbreviation,
            },
          }
        : { kind: 'pick-up-point-differs' },
    );
  } else if (code > 0) {
    warnings.push({ kind: 'other', code });
  }
  return { parcels, warnings };
}
