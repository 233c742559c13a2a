import { inBrackets, quoted, type Texts } from './texts.ts';

const SETTLEMENT = 'Report > Pagamenti > Tutti gli estratti conto > Scarica Flat File V2';
const TRANSACTIONS = 'Report > Pagamenti > Archivio Report, tipo Transazione';
const DOWNLOAD = `In Seller Central scarica il file da ${SETTLEMENT}, oppure da ${TRANSACTIONS}.`;
const AGAIN = `Scaricalo di nuovo da Amazon e caricalo così com'è, senza aprirlo e salvarlo con Excel.`;

export const it: Texts = {
  refusals: {
    empty: () => `Il file è vuoto. ${DOWNLOAD}`,
    pdf: () => `È un PDF, cioè il riepilogo da stampare: non contiene le singole transazioni. ${DOWNLOAD}`,
    xlsx: () =>
      `È un file Excel o un archivio compresso, non il file di testo scaricato da Amazon. ${DOWNLOAD}`,
    xml: () => `È un file XML: Amazon ha ritirato l'estratto conto in questo formato. ${DOWNLOAD}`,
    'transaction-view': () =>
      `È l'esportazione della schermata "Visualizza transazioni": ha un totale per ordine ma non le singole commissioni. ${DOWNLOAD}`,
    'saved-by-excel': (detail) =>
      `Il file è stato salvato con Excel o un programma simile${inBrackets(detail)}. ${AGAIN}`,
    'broken-order-ids': (detail) =>
      `I numeri d'ordine sono stati trasformati in numeri da Excel${quoted(detail)} e non si possono più ricostruire. ${AGAIN}`,
    mojibake: (detail) =>
      `Le lettere accentate sono rovinate${quoted(detail)}: il file è stato aperto e salvato con la codifica sbagliata. ${AGAIN}`,
    binary: () => `Il contenuto non è testo: non è un report di pagamento di Amazon. ${DOWNLOAD}`,
    'unknown-columns': (detail) =>
      `Una colonna non è conosciuta oppure manca${quoted(detail)}. Il file non viene letto, perché si perderebbero importi. Se viene da Amazon così com'è, segnala il nome della colonna all'assistenza.`,
    'not-a-payment-report': () => `Non è un report di pagamento di Amazon. ${DOWNLOAD}`,
    'mixed-decimals': (detail) =>
      `Alcuni importi hanno la virgola decimale e altri il punto${quoted(detail)}: il file è stato modificato. ${AGAIN}`,
    'undecided-decimals': (detail) =>
      `Non si capisce se gli importi hanno la virgola o il punto decimale${quoted(detail)}. Indica la valuta del canale e carica di nuovo il file.`,
    'currency-unknown': () =>
      `Il file non dice in quale valuta sono gli importi. Indica la valuta del canale e carica di nuovo il file.`,
    'mixed-currencies': (detail) =>
      `Il file contiene importi in più valute${inBrackets(detail)}. Scarica un file per ogni marketplace.`,
    'cut-in-header': () =>
      `Il file si interrompe nella riga delle intestazioni: lo scaricamento non è finito. ${AGAIN}`,
    'damaged-quotes': (detail) =>
      `Le virgolette del file sono rovinate${inBrackets(detail)} e le righe non si distinguono più. ${AGAIN}`,
    'unknown-channel': (detail) =>
      `Il canale${quoted(detail)} non esiste. Carica il file sotto un canale aperto, oppure apri prima il canale.`,
  },
  rejects: {
    'too-few-columns': 'La riga ha meno colonne delle intestazioni: è interrotta.',
    'too-many-columns': 'La riga ha più colonne delle intestazioni: gli importi non sono al loro posto.',
    'no-amount': 'La riga non ha importo.',
    'unreadable-amount': "L'importo non è un numero leggibile.",
    'too-many-decimals': "L'importo ha più decimali della valuta.",
    'no-settlement-id': "Manca il numero dell'estratto conto.",
    'second-summary-row': 'È una seconda riga di riepilogo dello stesso estratto conto.',
    'row-does-not-add-up': 'Gli importi della riga non danno il suo totale.',
    'unreadable-date': 'La data non è leggibile.',
    'amount-without-type': "L'importo non ha un tipo: non si sa che cosa sia.",
  },
  notices: {
    'unknown-word': (detail) =>
      `Tipo di movimento non conosciuto${quoted(detail)}: le sue righe sono contate a parte, non tra le commissioni.`,
    'other-column-on-order': (detail) =>
      `Righe d'ordine con un importo nella colonna "Altro"${inBrackets(detail)}: contato come costo dell'ordine, non come commissione.`,
    'last-line-cut': () => "L'ultima riga è interrotta: lo scaricamento potrebbe non essere finito.",
  },
  warnings: {
    replaced: (detail) => `Sostituisce un caricamento precedente con altri contenuti${inBrackets(detail)}.`,
    'kept-longer': (detail) =>
      `Per questo giorno c'erano già più righe, che restano valide${inBrackets(detail)}.`,
    'kept-newer': (detail) =>
      `È già presente un caricamento più recente, che resta valido${inBrackets(detail)}.`,
    'foreign-currency': (detail) => `Ordini in una valuta diversa da quella del report${inBrackets(detail)}.`,
  },
  labels: {
    buckets: {
      order: 'Ordini',
      account: 'Conto (senza ordine)',
      waiting: 'In attesa del loro ordine',
      otherChannel: 'Altri canali di vendita',
      unclassified: 'Non classificate',
      rejected: 'Scartate',
    },
    feeGroups: {
      commission: 'Commissioni di vendita',
      fba: 'Logistica di Amazon',
      shipping: 'Spedizione e confezione',
      digitalServices: 'Servizi digitali',
      refundCommission: 'Trattenute sui rimborsi',
      other: 'Altre commissioni',
    },
    states: {
      'not-tracked': 'senza file pagamenti',
      'not-due': 'non ancora dovuto',
      'partly-settled': 'pagato in parte',
      settled: 'pagato',
      refunded: 'rimborsato',
      overdue: 'in ritardo',
      waiting: 'in attesa',
      'other-channel': 'altro canale',
    },
    outcomes: {
      processing: 'in lettura',
      imported: 'importato',
      refused: 'rifiutato',
      duplicate: 'già importato',
      superseded: 'superato da uno più nuovo',
    },
    file: 'File',
    format: 'Formato',
    settlements: 'Estratti conto',
    rows: 'Righe',
    amount: 'Importo',
    bucket: 'Gruppo',
    total: 'Totale',
    stated: 'Totale dichiarato dal file',
    balanced: 'quadra',
    unbalanced: 'NON quadra',
    statesNoTotal: 'il file non dichiara un totale',
    fees: 'Commissioni',
    channel: 'Canale',
    order: 'Ordine',
    fee: 'Commissione',
    sales: 'Vendite',
    tax: 'IVA',
    refunds: 'Rimborsi',
    other: 'Altro',
    net: 'Netto',
    state: 'Stato',
    line: 'Riga',
    reason: 'Motivo',
    rejected: 'Righe scartate',
    refused: 'RIFIUTATO',
    notices: 'Da sapere',
    moreOrders: (count) => `… e altri ${count} ordini (tutti con --json)`,
  },
};
