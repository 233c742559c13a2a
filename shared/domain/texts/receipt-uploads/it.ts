import type { ReceiptUploadTexts } from './texts.ts';

export const it: ReceiptUploadTexts = {
  states: {
    wanted: ({ marketplace }) => `In attesa di essere caricata su ${marketplace}.`,
    sending: ({ marketplace }) => `In viaggio verso ${marketplace}.`,
    followed: ({ marketplace }) => `${marketplace} l'ha ricevuta e la sta elaborando.`,
    accepted: ({ marketplace }) => `È su ${marketplace}.`,
    rejected: ({ marketplace }) => `Non è su ${marketplace}.`,
    unclear: ({ marketplace }) =>
      `Nessuno sa se sia su ${marketplace}: non viene inviata di nuovo da sola. Controlla là e indica qui se la vedi.`,
    'not-available': ({ marketplace }) => `Non si carica su ${marketplace}.`,
  },
  reasons: {
    'order-not-here': () => "L'ordine non è ancora arrivato.",
    'order-not-ready': () => "L'ordine non è ancora pagato o accettato: poi si invia da sola.",
    'order-not-shipped': ({ marketplace }) =>
      `${marketplace} la accetta dopo la spedizione dell'ordine: allora si invia da sola.`,
    'receipts-sync-off': () =>
      "L'interruttore Ricevute del canale è spento. Accendilo nelle impostazioni del canale e si invia da sola.",
    throttled: ({ marketplace }) =>
      `${marketplace} accetta un certo numero di chiamate all'ora: si invia quando è il suo turno.`,
    unavailable: ({ marketplace }) => `${marketplace} non risponde. Si riprova automaticamente.`,
    unauthorised: ({ marketplace }) =>
      `${marketplace} non fa entrare l'account. Rinnova l'autorizzazione e si invia da sola.`,
    'order-cancelled': () => "L'ordine è stato annullato: non si è inviato nulla.",
    'receipt-reversed': () => 'La ricevuta è stata stornata per intero: non si è inviato nulla.',
    'pdf-missing': () => "Il suo PDF non è nell'archivio: non si è inviato nulla. Avvisa l'assistenza.",
    'pdf-empty': () => "Il suo PDF è vuoto: non si è inviato nulla. Avvisa l'assistenza.",
    'pdf-too-large': () =>
      'Il suo PDF supera i 5 MB: non si è inviato nulla. Usa un logo più piccolo ed emettila di nuovo.',
    'pdf-malformed': () => "Il suo file non è un PDF intero: non si è inviato nulla. Avvisa l'assistenza.",
    'pdf-differs': () => "Il suo PDF non è quello emesso: non si è inviato nulla. Avvisa l'assistenza.",
    'gave-up': () => 'Non si è potuta inviare per un mese. Rimuovi la causa, poi riprova.',
    'too-large': ({ marketplace }) =>
      `Per ${marketplace} il file è troppo grande. Usa un logo più piccolo ed emettila di nuovo.`,
    'type-refused': ({ marketplace }) =>
      `${marketplace} non accetta questo tipo di file. Avvisa l'assistenza.`,
    'unknown-there': ({ marketplace }) =>
      `${marketplace} non conosce l'ordine, o non con questo contratto. Controlla i contratti del canale, poi riprova.`,
    'not-allowed': ({ marketplace }) =>
      `L'account non può caricare documenti su ${marketplace}. Autorizzalo con questo diritto (Amazon: Tax Invoicing), poi riprova.`,
    'marketplace-invoices': ({ marketplace }) =>
      `${marketplace} fa da sé la fattura di questo ordine e non ne accetta di nostre.`,
    rejected: ({ marketplace, code }) =>
      `${marketplace} l'ha rifiutata${code}. Guarda l'ordine là, poi riprova.`,
    'cannot-tell': ({ marketplace }) =>
      `${marketplace} non ha risposto al caricamento e non si può chiedere che cosa ne sia stato.`,
    'already-there': ({ marketplace }) => `${marketplace} dice di avere già un documento di questo ordine.`,
    'seen-by-a-person': () => 'Una persona l’ha vista là.',
    'no-api': ({ marketplace }) =>
      `${marketplace} non ha una chiamata che accetti documenti: invia il PDF all'acquirente con i suoi messaggi, se lo desidera.`,
    'switched-off': () =>
      "L'interruttore Ricevute del canale è rimasto spento per un mese. Accendilo nelle impostazioni del canale, poi riprova.",
    'no-reversals': ({ marketplace }) => `${marketplace} accetta solo fatture, nulla che le storni.`,
  },
  refusals: {
    'nothing-to-retry': () => "C'è già, oppure non può esserci: non c'è nulla da riprovare.",
    'under-way': () => 'Si sta inviando in questo momento. Attendi qualche minuto.',
    'look-first': ({ marketplace }) =>
      `Nessuno sa se ci sia. Prima controlla su ${marketplace} e indica se la vedi.`,
    'changed-meanwhile': () => 'Qualcun altro ha modificato i dati nel frattempo. Ricarica e riprova.',
  },
};
