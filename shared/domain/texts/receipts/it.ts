import type { ReceiptTexts } from './texts.ts';

export const it: ReceiptTexts = {
  'no-association': (channel) =>
    `Non si può emettere la ricevuta: il canale ${channel} non è associato a nessun emittente. L'associazione si imposta nelle impostazioni del canale, alla voce Ricevute.`,
  'seller-data-missing': () =>
    'Non si possono emettere ricevute prima di aver inserito i dati del negozio. Si inseriscono nelle impostazioni, alla voce Ricevute.',
  'issuer-connection-missing': () =>
    "L'emittente non è collegato. Inserisci indirizzo e chiave nelle impostazioni, alla voce Ricevute.",
  'channel-not-here': (channel) => `Il canale ${channel} di questo ordine non esiste più.`,
  'electronic-invoice-not-possible': (rule) =>
    `Per questo ordine serve la fattura elettronica (regola: ${rule}) e l'emittente interno fa solo ricevute di cortesia. Associa il canale a un emittente che comunica con lo SdI, oppure decidi diversamente indicando il motivo.`,
  'order-not-here': () => 'Questo ordine non esiste.',
  'order-not-ready': () => "L'ordine non è ancora pagato o accettato. La ricevuta si potrà emettere dopo.",
  'order-cancelled': () => "L'ordine è stato annullato: non c'è nulla da documentare.",
  'red-order': () =>
    "L'ordine è rosso: qualcuno vi ha agito a mano sul marketplace. Controlla il marketplace e, se va bene, emetti la ricevuta con la conferma (confirmedRed).",
  'order-refunded': () => "L'ordine è stato rimborsato per intero: non c'è nulla da documentare.",
  'nothing-to-pay': () => "L'ordine non costa nulla: non c'è nulla da documentare.",
  'amounts-missing': () =>
    "Il marketplace non ha ancora comunicato tutti gli importi dell'ordine. Riprova più tardi.",
  'totals-differ': (difference) =>
    `Le righe e gli extra dell'ordine differiscono dal totale di ${difference}. Non si emette nulla finché non coincidono: controlla l'ordine sul marketplace.`,
  'currencies-differ': () => "Gli importi dell'ordine sono in più valute. Non si emette nulla.",
  'not-due': (rule) => `Per questo ordine non è dovuto alcun documento (regola: ${rule || 'nessuna'}).`,
  'vat-rate-unknown': (what) =>
    `L'aliquota IVA di ${what} non è nota. Inseriscila nella tabella delle aliquote, alla voce Ricevute.`,
  'vat-figures-differ': (what) =>
    `L'IVA indicata dal marketplace per ${what} non corrisponde all'aliquota. Controlla l'aliquota del prodotto.`,
  'zero-rate-unexplained': (what) =>
    `Il marketplace indica aliquota zero per ${what} e nulla ne spiega il motivo. Controlla l'ordine.`,
  'amount-unexplained': (what) => `L'ordine ha un importo (${what}) di cui non si può stabilire l'IVA.`,
  'buyer-waiting': () =>
    "Il nome dell'acquirente non è ancora arrivato. La ricevuta si potrà emettere quando ci sarà.",
  'buyer-missing': () =>
    "I dati dell'acquirente sono stati cancellati o negati e la fattura li richiede. Emettila a mano presso l'emittente.",
  'receipt-not-here': () => 'Questa ricevuta non esiste.',
  'request-differs': () =>
    'Questa richiesta è già stata fatta con altri importi. Usa un altro nome per farne una nuova.',
  'already-issued': () => "L'ordine ha già la sua ricevuta. Stornala per intero prima di emetterne un'altra.",
  'number-void': () =>
    'Il numero è stato preso e non è stato emesso nulla: resta annullato. Riprova per emettere con il numero successivo.',
  'not-issued': () => 'Si può stornare solo una ricevuta emessa.',
  'nothing-to-reverse': () => 'La ricevuta è già stata stornata per intero.',
  'reversal-exceeds': () => 'È più di quanto resta della ricevuta, oppure non è un importo.',
  'changed-meanwhile': () => 'Qualcun altro ha modificato i dati nel frattempo. Ricarica e riprova.',
  'cannot-be-rendered': () =>
    "La pagina non si può disegnare: il logo non è un'immagine. Sostituiscilo nelle impostazioni, poi riprova.",
  'pdf-not-kept': () => 'Il PDF non si è potuto salvare. Si riprova automaticamente, con lo stesso numero.',
  'issuer-refused': (codes) =>
    `L'emittente ha rifiutato il documento (${codes || 'senza motivo'}). Correggi e riprova.`,
  'issuer-mismatch': () =>
    "L'emittente conosce questa richiesta con altri contenuti: l'ordine è cambiato dopo l'invio. Controlla presso l'emittente.",
  'issuer-key-refused': () =>
    "L'emittente non accetta la chiave. Inserisci una chiave valida: poi il documento si emette da solo.",
  'issuer-throttled': () => "L'emittente riceve troppe richieste. Si riprova automaticamente.",
  'issuer-unavailable': () =>
    "L'emittente non risponde. Lo si richiede automaticamente e non si crea alcun doppione.",
  'issuer-answer-unexpected': () =>
    "La risposta dell'emittente non rispetta il contratto. Lo si richiede automaticamente; avvisa l'assistenza.",
  'issuer-processing': () => "L'emittente ci sta lavorando.",
};
