import type { ShipmentState } from '../../domain/tracking-state.ts';

/**
 * BRT's events and where each leads. Ids are strings: `001` is not `1`.
 * Source: the legend that GetLegendaEventi answers (90 rows).
 */
export const BRT_EVENTS: Readonly<Partial<Record<ShipmentState, Readonly<Record<string, string>>>>> = {
  'data-transmitted': {
    '700': 'DATI SPEDIZ. TRASMESSI A BRT',
  },
  'picked-up': {
    '701': 'RITIRATA',
  },
  'in-transit': {
    DIR: 'INOLTRO ALTRA FILIALE',
    N: 'DA CONSEGNARE',
    SIP: 'REINDIRIZZATA A BRT-fermopoint',
    '026': 'CHIESTA CONSEGNA ALTRO INDIR.',
    '027': 'SPEDIZIONE IN TRANSITO',
    '702': 'PARTITA',
    '703': 'ARRIVATA IN FILIALE',
    '707': 'INOLTRO ALTRA FILIALE',
  },
  'out-for-delivery': {
    MIC: 'IN CONSEGNA',
  },
  'ready-for-pickup': {
    DPU: 'DA RITIRARE AL PARCEL SHOP',
    '722': 'ARRIVATA AL BRT-fermopoint',
  },
  'notice-left': {
    AVV: 'Destin.Assente:LASCIATO AVVISO',
    AV2: 'Destin.Assente:LASCIATO AVVISO',
    AV3: 'Destin.Assente:LASCIATO AVVISO',
    AV5: 'Destin.Assente:LASCIATO AVVISO',
    AV7: 'Destin.Assente:LASCIATO AVVISO',
    AV9: 'Destin.Assente:LASCIATO AVVISO',
    RIC: 'Destin.Assente:LASCIATO AVVISO',
    '017': 'ASSENTE DOPO LASCIATO AVVISO',
  },
  postponed: {
    A16: 'RIMANDA LA CONSEGNA',
    A23: 'DESTINATARIO CHIUSO',
    T: 'CHIUSO PER TURNO',
    '016': 'RIMANDA LA CONSEGNA',
    '023': 'DESTINATARIO CHIUSO',
    '024': 'DESTINATARIO CHIUSO PER FERIE',
    '100': 'RIMANDA LA CONSEGNA',
    '101': 'RIMANDA LA CONSEGNA',
  },
  delayed: {
    PAT: "FESTIVITA' PATRONALE",
    ZAC: 'ACQUA ALTA',
    ZAL: 'ALLUVIONE/NUBIFRAGIO',
    ZBC: 'BLOCCO CIRCOLAZIONE',
    ZBS: 'BLOCCO STRADALE',
    ZDM: 'DISAGI DOPO MANIFESTAZIONE',
    ZEE: 'INTERRUZIONE ENERGIA ELETTRICA',
    ZFM: 'CAUSA FORZA MAGGIORE',
    ZFR: 'FESTIVITA REGIONALE',
    ZMM: 'MARE MOLTO MOSSO',
    ZMP: 'MANIFESTAZIONE PUBBLICA',
    ZMS: 'MANIFESTAZIONE SPORTIVA',
    ZNV: 'NEVICATA ECCEZIONALE',
    ZSC: 'SCIOPERO',
    ZSF: 'GIORNATA SEMI-FESTIVA',
    ZTR: 'TERREMOTO',
    ZRO: 'RALLENTAMENTI OPERATIVI',
  },
  'on-hold': {
    G: 'IN GIACENZA',
    GEN: 'IN GIACENZA',
    G02: 'IN ATTESA APERTURA GIACENZA 2G',
    G03: 'IN ATTESA APERTURA GIACENZA 3G',
    G05: 'IN ATTESA APERTURA GIACENZA 5G',
    G09: 'IN ATTESA APERTURA GIACENZA 9G',
    IDD: 'CONTATTARE FILIALE',
  },
  refused: {
    DDR: 'RIFIUTA:NON PAGA DAZI DOGANALI',
    '001': 'RIFIUTA SENZA MOTIVAZIONE',
    '002': 'RIFIUTA:MERCE NON ORDINATA',
    '003': 'RIFIUTA:SPEDITA IN RITARDO',
    '004': "RIFIUTA:MERCE GIA' RICEVUTA",
    '005': 'RIFIUTA:SPEDITA IN ANTICIPO',
    '006': 'RIFIUTA:RESO NON AUTORIZZATO',
    '007': 'RIFIUTO PER COLLO DANNEGGIATO',
    '008': 'RIFIUTA:NON RICEVE C/ASSEGNO',
    '009': 'RIFIUTA:CHIEDE CONTROLLO MERCE',
    '012': 'RIFIUTA:NON PAGA TRASPORTO',
    '037': 'RIFIUTA CONSEGNA TASSATIVA',
    '050': 'RIFIUTATA DAL BRT-fermopoint',
    '051': 'RIFIUTATA DAL DESTINATARIO',
  },
  'address-problem': {
    '019': "CESSATA ATTIVITA' DESTINATARIO",
    '021': 'DESTINATAR.SCONOSC./INCOMPLETO',
    '022': 'INDIRIZ.INESISTENTE/INCOMPLETO',
    '028': "ESERCIZIO NON IN ATTIVITA'",
  },
  'not-collected': {
    DPP: 'NON RITIRATA AL PARCEL SHOP',
    '032': 'FERMO DEPOSITO:NESSUNO RITIRA',
    '052': 'SCADUTI TERMINI PER IL RITIRO',
  },
  customs: {
    DDB: 'DOCUMENTI DOGANALI MANCANTI',
    DDC: 'DISTRUTTA/REQUISITA DA DOGANA',
    DDS: 'FERMA PER CONTROLLI DOGANALI',
  },
  'damaged-or-lost': {
    MAN: 'COLLO/I MANCANTE/I',
    '709': 'PROPOSTA LIQUID.NE TRANSATTIVA',
    '710': 'PREAVVISO DI DANNO',
  },
  exception: {
    '034': 'NON CONSEGNAB.FORZA MAGGIORE',
    '035': 'DOCUMENTI INCOMPLETI/MANCANTI',
    '044': 'PINCODE ERRATO O MANCANTE',
    '045': 'DATI MANCANTI PER LA FATTURA',
    '055': 'LOCKER GUASTO',
    '056': 'LOCKER PIENO',
  },
  'partly-delivered': {
    P: 'CONSEGNATA PARZIALMENTE',
  },
  delivered: {
    '704': 'CONSEGNATA',
    '724': 'RITIRATA AL BRT-fermopoint',
  },
  returned: {
    '708': 'RESO AL MITTENTE',
  },
};

const STATE_BY_ID = new Map<string, ShipmentState>();
const STATE_BY_DESCRIPTION = new Map<string, ShipmentState>();
for (const [state, events] of Object.entries(BRT_EVENTS) as [ShipmentState, Record<string, string>][]) {
  for (const [id, description] of Object.entries(events)) {
    STATE_BY_ID.set(id, state);
    STATE_BY_DESCRIPTION.set(comparable(description), state);
  }
}

/** Words for a return that stand in no legend; BRT has used both `RESO MITTENTE` and `RESO AL MITTENTE`. */
const RETURN_WORDS = /^RES[AO] (AL )?MITTENTE\b/;

/**
 * Where an event leads: by its id, by its words when it has none, and nowhere when both are new to us. An
 * unknown id with the words of a known event is an unknown event, except for a return: missed, a return would be told as
 * a delivery.
 */
export function stateOfEvent(id: string | undefined, description: string): ShipmentState | undefined {
  const words = comparable(description);
  const state = id === undefined ? STATE_BY_DESCRIPTION.get(words) : STATE_BY_ID.get(id);
  return state ?? (RETURN_WORDS.test(words) ? 'returned' : undefined);
}

function comparable(description: string): string {
  return description.trim().replace(/\s+/g, ' ').toUpperCase();
}
