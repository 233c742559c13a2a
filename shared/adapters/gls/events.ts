import type { ShipmentState } from '../../domain/tracking-state.ts';
import { comparable } from '../courier-http/event-words.ts';

/**
 * GLS Italy's codes and where each leads; 901 to 910 are steps, the others (PDX) troubles.
 * Source: GLS Italy, "Standard tracking codes", "Full national tracking code" and "Tracking codes requiring sender
 * action".
 */
export const GLS_CODES: Readonly<Partial<Record<ShipmentState, Readonly<Record<string, string>>>>> = {
  'data-transmitted': {
    '901': 'Spedizione registrata nei nostri sistemi ma non ancora partita',
    '909': 'Dati spedizione trasmessi a GLS',
  },
  'in-transit': {
    '902': 'Partita dalla sede mittente. Attesa in sede destinataria',
    '903': 'In transito. Attesa in sede destinataria',
    '904': 'Arrivata in sede destinataria',
    '13': 'DISGUIDO / ERRORE DI SPEDIZIONE',
    '16': 'INOLTRO AD ALTRA SEDE',
    '32': 'INVERSIONE COLLO',
    '35': 'AFFIDATA A CORRISPONDENTE',
    '81': 'RICHIESTO RITIRO A PARCEL SHOP',
  },
  'out-for-delivery': {
    '905': 'Consegna prevista nel corso della giornata odierna',
  },
  'ready-for-pickup': {
    '907': 'FERMO DEPOSITO',
    '12': 'RICHIESTO FERMO DEPOSITO',
    '78': 'AFFIDATA A PARCEL SHOP/ POST OFFICE',
    '80': 'DISPONIBILE PER RITIRO A PARCEL SHOP',
  },
  'notice-left': {
    '1': 'ASSENTE AL PRIMO PASSAGGIO',
  },
  postponed: {
    '5': "IMPORTO NON DISPONIBILE 1' PASSAGGIO",
    '8': 'CHIUSO PER TURNO',
    '14': 'CONSEGNA CONCORDATA',
    '67': 'CHIUSURA ESERCIZIO',
    '74': 'CONSEGNA PRENOTATA',
    '77': 'SPEDIZIONE NON CONSEGNATA',
  },
  delayed: {
    '908': 'Consegna prevista entro il giorno lavorativo successivo',
    '17': 'RITARDO LINEA',
    '19': 'PROBLEMI IN DISTRIBUZIONE',
    '22': "LOCALITA' SERVITA IN 48 ORE",
    '23': "LOCALITA' SERVITA IN 72 ORE",
    '25': 'MANCANZA 1 AVVISO',
    '26': 'MANCANZA 2 AVVISO',
    '28': 'SPEDIZIONE NON IN CONSEGNA',
    '34': 'CONSEGNA DIFFERITA',
  },
  // All of these wait for the sender; after ten days GLS returns or destroys.
  'on-hold': {
    '6': 'CHIUSO PER FERIE',
    '7': 'ASSENTE AL SECONDO PASSAGGIO',
    '15': 'FUORI SAGOMA/STANDARD - NON SBANCALABILE',
    '66': 'IN ATTESA DI ISTRUZIONI',
    '70': 'DOCUMENT RETURN RIFIUTATO',
    '71': 'DOCUMENT RETURN MANCANTE',
    '72': 'EXCHANGE NON EFFETTUABILE',
    '73': "IMPORTO NON DISPONIBILE 2' PASSAGGIO",
    '75': 'MANCATA PRENOTAZIONE',
    '76': 'PIN ERRATO',
  },
  refused: {
    '4': 'RIFIUTATO',
  },
  'address-problem': {
    '3': 'TRASFERITO / CONSEGNA AD ALTRO INDIRIZZO',
    '59': "CESSATA ATTIVITA'",
    '68': 'SCONOSCIUTO/ INDIRIZZO ERRATO',
    '69': 'SCONOSCIUTO/ MANCATO CONTATTO TELEFONICO',
  },
  'not-collected': {
    '10': 'FERMO DEPOSITO NON RITIRATO',
    '82': 'NON RITIRATA AL PARCEL SHOP',
  },
  customs: {
    '49': 'DOCUMENTI DOGANALI MANCANTI',
  },
  'damaged-or-lost': {
    '24': 'SCONDIZIONATO',
    '27': 'CONFERMA MANCANZA',
    '30': 'SPEDIZIONE FURTATA',
    '39': 'DISTRUTTA COME DA DISPOSIZIONI',
  },
  exception: {
    '910': 'Spedizione non in consegna, dati incompleti',
  },
  delivered: {
    '906': 'CONSEGNATA',
  },
  returned: {
    '29': 'RESO MITTENTE',
  },
};

const STATE_BY_CODE = new Map<string, ShipmentState>();
const STATE_BY_WORDS = new Map<string, ShipmentState>();
for (const [state, codes] of Object.entries(GLS_CODES) as [ShipmentState, Record<string, string>][]) {
  for (const [code, words] of Object.entries(codes)) {
    STATE_BY_CODE.set(code, state);
    STATE_BY_WORDS.set(comparable(words), state);
  }
}

/** Where an event leads: by its code, and by its words where an older answer has no codes. */
export function stateOfGlsEvent(code: string | undefined, words: string): ShipmentState | undefined {
  return code === undefined ? STATE_BY_WORDS.get(comparable(words)) : STATE_BY_CODE.get(code);
}

/** Words of GLS abroad, which gives no codes; only what cannot mean anything else. */
const ABROAD: readonly (readonly [RegExp, ShipmentState])[] = [
  [/\b(RES[AO]|RESTITUIT[AO]|RITORNO|RIENTRO)\b.*\bMITTENTE\b/, 'returned'],
  [/^((LA )?SPEDIZIONE (E |E STATA )?)?CONSEGNAT[AO]$/, 'delivered'],
  [/\bIN CONSEGNA\b|\bCONSEGNA PREVISTA (PER |IN |NEL )?(OGGI|CORSO|GIORNATA)/, 'out-for-delivery'],
  [/\bPARCEL ?SHOP\b/, 'ready-for-pickup'],
  [/\bDOGAN/, 'customs'],
  [/\bNON ANCORA AFFIDATA\b|\bSPEDIZIONE CREATA\b/, 'data-transmitted'],
  [/\bIN TRANSITO\b|\bSEDE GLS\b|\bAFFIDATA A GLS\b|\bPARTITA DALLA SEDE\b/, 'in-transit'],
];

export function stateOfWordsAbroad(words: string): ShipmentState | undefined {
  const said = comparable(words);
  return ABROAD.find(([pattern]) => pattern.test(said))?.[1];
}
