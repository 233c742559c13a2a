import type { RemoteActionTexts, RemoteWords } from './texts.ts';

const of = ({ detail }: RemoteWords): string => (detail === '' ? '' : ` (${detail})`);

export const it: RemoteActionTexts = {
  kinds: {
    accept: 'accettazione',
    refuse: 'rifiuto',
    ship: 'conferma di spedizione',
    cancel: 'annullamento',
    'approve-cancellation': 'annullamento richiesto dall’acquirente, approvato',
    'reject-cancellation': 'annullamento richiesto dall’acquirente, respinto',
    refund: 'rimborso',
  },
  refusals: {
    'not-offered': ({ pages }) =>
      `Il marketplace non lo permette da un programma: fallo in ${pages}, si vedrà alla prossima sincronizzazione.`,
    'marketplace-ships': () => 'L’ordine lo gestisce e lo spedisce il marketplace.',
    'wrong-status': ({ pages }) =>
      `Nello stato attuale dell’ordine non è possibile. Se in ${pages} l’ordine è già in un altro stato, attendi la prossima sincronizzazione.`,
    'no-request': () => 'L’acquirente non ha chiesto l’annullamento.',
    'cancellation-requested': () => 'L’acquirente ha chiesto l’annullamento: rispondi prima alla richiesta.',
    'under-way': ({ otherKind, by, at }) =>
      `Su questo ordine è in corso un’altra azione: ${otherKind}, chiesta da ${by} il ${at}. Attendi che finisca.`,
    'waits-for-sync': ({ otherKind, by, at }) =>
      `Già fatto da qui: ${otherKind}, da ${by} il ${at}. Si vedrà alla prossima sincronizzazione.`,
    'unclear-before': ({ otherKind, by, at, pages }) =>
      `Non si sa se un’azione precedente è riuscita: ${otherKind}, da ${by} il ${at}. Guarda in ${pages} e scrivi qui com’è andata.`,
    'signature-missing': () =>
      'eBay chiede che questa operazione sia firmata e l’account non ha la chiave di firma: aggiungila alle credenziali (campi signingKeyJwe e signingPrivateKey).',
    'nothing-left': () => 'Non resta niente: è già tutto spedito o rimborsato.',
    'amount-unknown': ({ pages }) =>
      `L’importo pagato non è noto: il rimborso va fatto in ${pages}, si vedrà alla prossima sincronizzazione.`,
    'reason-not-taken': (words) => `Il marketplace non accetta questo motivo${of(words)}.`,
    'line-unknown': (words) => `L’ordine non ha questa riga${of(words)}.`,
    'line-twice': (words) => `La stessa riga è indicata due volte${of(words)}.`,
    'no-lines': () => 'Indica almeno una riga.',
    'too-many': (words) => `I pezzi sono più di quelli ancora da spedire${of(words)}.`,
    'amount-malformed': (words) =>
      `L’importo non è leggibile o non è maggiore di zero${of(words)}: scrivilo come 19.90.`,
    'other-currency': (words) => `La valuta non è quella dell’ordine${of(words)}.`,
    'too-much': (words) => `L’importo supera quello che si può ancora rimborsare${of(words)}.`,
    'carrier-not-mapped': (words) =>
      `Il marketplace non conosce questo corriere${of(words)}: aggiungi la corrispondenza nel canale.`,
    'tracking-number-malformed': () =>
      'Non è un numero di spedizione di questo corriere, o il marketplace non lo accetta.',
    'tracking-url-missing': () => 'Manca l’indirizzo della pagina di tracciamento, che ManoMano chiede.',
    'line-without-sku': (words) =>
      `La riga non ha SKU e ManoMano la riconosce solo da quello${of(words)}: spediscila da Toolbox.`,
    'action-of-another-wish': () => 'Questo identificativo è già di un’altra azione: usane uno nuovo.',
  },
  reasons: {
    throttled: () => 'Il marketplace ha un limite di chiamate: si riprova da solo.',
    unavailable: () => 'Il marketplace non ha risposto: prima di riprovare gli si chiede com’è andata.',
    unauthorised: () => 'L’autorizzazione dell’account non vale più: rinnovala, poi si riprova da solo.',
    'order-changed': () => 'Nel frattempo l’ordine è cambiato: niente è stato inviato.',
    'signature-missing': () =>
      'eBay chiede che questa operazione sia firmata e l’account non ha la chiave di firma: niente è stato inviato.',
    'not-allowed': () =>
      'L’autorizzazione data all’applicazione non comprende questa operazione: va rinnovata con i permessi mancanti.',
    rejected: ({ detail, pages }) =>
      `Il marketplace ha rifiutato${detail === '' ? '' : ` (codice ${detail})`}: i particolari sono in ${pages}.`,
    'too-much': () =>
      'L’importo supera quello che il marketplace può ancora rimborsare: niente è stato inviato.',
    'no-request': () => 'La richiesta dell’acquirente non c’è più: niente è stato inviato.',
    'gave-up': () => 'Per un giorno intero non è stato possibile chiederlo: niente è stato inviato.',
    'partly-done': ({ pages }) =>
      `Il marketplace ha fatto solo una parte delle righe: guarda in ${pages} e scrivi qui com’è andata.`,
    'cannot-tell': ({ pages }) =>
      `Il marketplace non dice se è stato fatto: guarda in ${pages} e scrivi qui com’è andata.`,
    'seen-by-a-person': () => 'Una persona ha guardato nel marketplace e l’ha scritto qui.',
  },
  states: {
    wanted: () => 'Registrata: sta per essere inviata.',
    sending: () => 'In corso: si attende la risposta del marketplace.',
    followed: () => 'Ricevuta dal marketplace, che la sta elaborando.',
    done: () => 'Fatto nel marketplace. Qui l’ordine cambia con la prossima sincronizzazione.',
    refused: () => 'Non fatto.',
    unclear: () => 'Non si sa se è stato fatto: non viene ripetuta da sola.',
  },
  effects: {
    accept: () => 'L’ordine viene accettato: da quel momento va spedito.',
    refuse: () =>
      'L’ordine viene rifiutato e l’acquirente riceve indietro quanto ha pagato. Non si torna indietro.',
    ship: {
      amazon: () => 'Amazon riceve corriere e numero, segna spediti questi pezzi e avvisa l’acquirente.',
      ebay: () => 'eBay riceve corriere e numero e avvisa l’acquirente. Un numero inviato non si cambia più.',
      manomano: () =>
        'ManoMano riceve corriere e numero e avvisa l’acquirente. Un numero inviato non si cambia più.',
    },
    cancel: {
      amazon: () =>
        'L’intero ordine viene annullato con un feed: Amazon lo elabora in qualche minuto. Non si torna indietro e può contare nelle metriche.',
      ebay: () =>
        'L’intero ordine viene annullato e, se è pagato, l’acquirente viene rimborsato. Non si torna indietro.',
      manomano: ({ pages }) => `Si fa in ${pages}.`,
    },
    'approve-cancellation': () =>
      'La richiesta dell’acquirente viene approvata: l’ordine è annullato e, se è pagato, rimborsato.',
    'reject-cancellation': () => 'La richiesta dell’acquirente viene respinta: l’ordine resta da spedire.',
    refund: {
      amazon: ({ detail }) =>
        `All’acquirente vengono restituiti ${detail} con un feed: Amazon lo elabora in qualche minuto. Non si torna indietro.`,
      ebay: ({ detail }) => `All’acquirente vengono restituiti ${detail}. Non si torna indietro.`,
      manomano: ({ pages }) => `Si fa in ${pages}.`,
    },
  },
  onlyThere: () =>
    'Ha effetto solo sul marketplace: qui lo stato dell’ordine cambia con la prossima sincronizzazione.',
  turnsRed: () =>
    'L’ordine viene segnato in rosso e resta rosso: le operazioni normali su di esso chiederanno conferma.',
  better: {
    ship: () =>
      'È meglio registrare o creare qui la spedizione: il marketplace viene avvisato da solo e il pacco viene seguito.',
    cancel: () => 'Se per l’ordine è già stata emessa una ricevuta, lo storno si fa qui.',
    'approve-cancellation': () => 'Se per l’ordine è già stata emessa una ricevuta, lo storno si fa qui.',
    refund: () => 'La ricevuta di storno si emette qui, con l’operazione normale.',
  },
};
