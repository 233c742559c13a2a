import type { ShipmentState } from '../../domain/tracking-state.ts';
import { comparable } from '../courier-http/event-words.ts';

/**
 * Poste's events, told by their words: the codes beside them (`PCP`, `003`) differ from product to product, and no list
 * of them is public. The first that fits counts; a return before a delivery, a failed delivery before one that was made.
 */
const WORDS: readonly (readonly [RegExp, ShipmentState])[] = [
  [
    /\b(RES[AO]|RESTITUIT[AO]|RESTITUZIONE|RITORNO|RINVIAT[AO]|RISPEDIT[AO]|RIENTRO)\b.*\bMITTENTE\b/,
    'returned',
  ],
  [/\b(RIFIUTAT[AO]|RIFIUTO)\b/, 'refused'],
  [/\bDESTINATARIO (SCONOSCIUTO|TRASFERITO|IRREPERIBILE)\b/, 'address-problem'],
  [/\bINDIRIZZO (ERRATO|INESATTO|INESISTENTE|INCOMPLETO|INSUFFICIENTE)\b/, 'address-problem'],
  [/\bCOMPIUTA GIACENZA\b|\bNON RITIRAT[AO]\b/, 'not-collected'],
  [/\bDISPONIBILE PER IL RITIRO\b|\bIN ATTESA DI RITIRO\b|\bPRONT[AO] PER IL RITIRO\b/, 'ready-for-pickup'],
  [/\bGIACENZA\b/, 'on-hold'],
  [/\bDESTINATARIO ASSENTE\b|\bLASCIATO AVVISO\b/, 'notice-left'],
  [/\bMANCATA CONSEGNA\b|\bTENTATA CONSEGNA\b|\bTENTATIVO DI CONSEGNA\b|\bNON CONSEGNAT[AO]\b/, 'exception'],
  [
    /\bNON E STAT[AO] (POSSIBILE|CONSEGNAT)|\bCONSEGNA NON RIUSCITA\b|\bNON ANDATA A BUON FINE\b/,
    'exception',
  ],
  [/\b(SMARRIT[AO]|DANNEGGIAT[AO]|FURTO|RAPINA)\b/, 'damaged-or-lost'],
  [/\bDOGAN/, 'customs'],
  // The whole phrase: a parcel is also "consegnata" to a post office, where nobody has it yet.
  [/^((LA )?SPEDIZIONE (E |E STATA )?|(IL )?PACCO (E |E STATO )?)?CONSEGNAT[AO]$/, 'delivered'],
  [/\bIN CONSEGNA\b|\bIN DISTRIBUZIONE\b/, 'out-for-delivery'],
  [
    /\bPRESA IN CARICO\b|\bPRES[AO] IN CARICO\b|\bACCETTAT[AO]\b|\bRITIRAT[AO] (DAL|PRESSO IL) MITTENTE\b/,
    'picked-up',
  ],
  [/\bIN TRANSITO\b|\bIN LAVORAZIONE\b|\bPARTIT[AO]\b|\bARRIVAT[AO]\b|\bSMISTAMENTO\b/, 'in-transit'],
  [
    /\bPREANNUNCIAT[AO]\b|\bPREAVVISO\b|\bETICHETTA (CREATA|STAMPATA)\b|\bIN PREPARAZIONE\b/,
    'data-transmitted',
  ],
];

/** What Poste's few phases say for sure; `IN CONSEGNA` also stands beside parcels that lie unclaimed. */
const PHASES: Readonly<Record<string, ShipmentState>> = {
  'PRESA IN CARICO': 'picked-up',
  'IN LAVORAZIONE': 'in-transit',
  'IN TRANSITO': 'in-transit',
};

/** Where an event leads: by its words, else by its phase, else nowhere. */
export function stateOfPosteEvent(words: string, phase: string): ShipmentState | undefined {
  const said = comparable(words);
  return WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? PHASES[comparable(phase)];
}
