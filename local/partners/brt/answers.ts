import type { PartnerAnswer } from '../partner.ts';
import type { Shown } from './shipments.ts';

/** A no of BRT's: a negative code, with which it answers 200. */
export class BrtRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function jsonAnswer(operation: string, body: unknown, status = 200): PartnerAnswer {
  return { operation, status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function executionMessage(code: number, message = ''): object {
  const severity = code < 0 ? 'ERROR' : code > 0 ? 'WARNING' : 'INFO';
  return { code, severity, codeDesc: severity === 'INFO' ? 'OK' : `CODE ${code}`, message };
}

export function htmlAnswer(operation: string, status: number): PartnerAnswer {
  return {
    operation,
    status,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>One moment</title>',
  };
}

/** `bolla` and the lists, as the REST tracking names them. Sender and recipient are BRT's to keep. */
export function trackingData({ made, shipmentId, departedOn, events, notes }: Shown): {
  readonly bolla: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly events: Shown['events'];
  readonly notes: readonly string[];
} {
  return {
    bolla: {
      dati_spedizione: {
        spedizione_id: shipmentId ?? '',
        spedizione_data: departedOn?.toFormat('dd.MM.yyyy') ?? '',
        cod_filiale_arrivo: '92',
        filiale_arrivo: 'ARRIVO',
        stato_sped_parte1: '',
        stato_sped_parte2: '',
        descrizione_stato_sped_parte1: '',
        descrizione_stato_sped_parte2: '',
        servizio: 'EXPRESS',
        tipo_servizio: 'C',
      },
      riferimenti: {
        riferimento_mittente_numerico: made.numericSenderReference,
        riferimento_mittente_alfabetico: made.alphanumericSenderReference,
        riferimento_partner_estero: '',
      },
      merce: { colli: String(made.parcels.length), peso_kg: '1,0', volume_m3: '0,001', natura_merce: '' },
    },
    events,
    notes,
  };
}
