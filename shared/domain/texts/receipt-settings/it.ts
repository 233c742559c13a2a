import type { ReceiptSettingTexts } from './texts.ts';

export const it: ReceiptSettingTexts = {
  'vat-number-malformed': (number) =>
    `La partita IVA ${number} non è valida: servono il paese e il numero, per l'Italia IT e undici cifre.`,
  'vat-number-of-another-country': (country) => `La partita IVA non è del paese del venditore (${country}).`,
  'rule-id-malformed': (rule) =>
    `Il nome della regola ${rule} non va bene: lettere minuscole, cifre e trattini, al massimo 40.`,
  'rule-twice': (rule) => `La regola ${rule} c'è due volte: ogni regola ha un nome suo.`,
  'rule-country-malformed': (country) => `${country} non è un codice di paese di due lettere maiuscole.`,
  'rule-without-effect': (rule) =>
    `La regola ${rule} non può mai valere: una regola precedente vale sempre, oppure un suo elenco è vuoto.`,
  'own-rate-missing': (country) => `Manca l'aliquota ordinaria del paese del venditore (${country}).`,
  'oss-rate-missing': (country) =>
    `Con l'OSS serve l'aliquota ordinaria di ogni paese dell'Unione: manca ${country}.`,
  'rate-zero': (what) =>
    `L'aliquota di ${what} non può essere zero: le operazioni senza IVA si riconoscono dalla destinazione.`,
  'product-rate-twice': (what) => `L'aliquota di ${what} c'è due volte.`,
  'logo-no-picture': () => 'Il logo non è un PNG né un JPEG.',
  'logo-damaged': () => "L'immagine del logo è incompleta o danneggiata: salvala di nuovo e riprova.",
  'logo-kind': () =>
    'Questo tipo di immagine non si può stampare: servono un PNG a 8 bit non interlacciato o un JPEG in RGB o in grigi.',
  'logo-dimensions': () => 'Il logo deve avere da 16 a 2000 pixel per lato.',
  'address-not-allowed': () =>
    "L'indirizzo dell'emittente deve essere pubblico e cominciare con https://, senza porta né parametri.",
  'series-of-the-issuer': () =>
    "La serie non si sceglie qui: con questo emittente i numeri li dà l'emittente.",
  'channel-not-here': () => 'Questo canale non esiste.',
  'channel-archived': () => 'Il canale è archiviato: non si associa più.',
  'seller-data-missing': () =>
    'Prima servono i dati del venditore: si inseriscono nelle impostazioni, alla voce Ricevute.',
  'connection-missing': () =>
    "L'emittente non è collegato: inserisci indirizzo, conto e chiave nelle impostazioni, alla voce Ricevute.",
  'connection-in-use': (channels) =>
    `Alcuni canali usano ancora questo collegamento (${channels}): togli prima la loro associazione.`,
  'changed-meanwhile': () => 'Qualcun altro ha modificato i dati nel frattempo: rileggi e riprova.',
  'key-missing': () => "Manca la chiave dell'emittente.",
  'key-refused': () => "L'emittente non accetta la chiave: non è stato salvato nulla.",
  'issuer-throttled': () =>
    "L'emittente riceve troppe richieste: non è cambiato nulla, riprova tra un minuto.",
  'issuer-unavailable': () =>
    "L'emittente non risponde: qui non è cambiato nulla. Riprova, la stessa richiesta si può ripetere.",
  'issuer-refused': () =>
    "L'emittente ha rifiutato la richiesta: controlla indirizzo e conto. Qui non è cambiato nulla.",
};
