import type { ShipmentTexts } from './texts.ts';

const of = (detail: string): string => (detail === '' ? '' : ` (${detail})`);

export const it: ShipmentTexts = {
  confirmations: {
    'already-confirmed': 'Il marketplace ha già questo numero: non c’è niente da inviare.',
    'cannot-be-edited':
      'Il marketplace ha già un numero per questo pacco e non accetta modifiche. Se è sbagliato, avvisa l’acquirente dal sito del marketplace.',
    'red-order':
      'L’ordine è rosso: qualcuno vi ha agito a mano sul marketplace. Controlla il marketplace e, se va bene, ripeti con la conferma (confirmedRed).',
    'malformed-number':
      'Non è un numero di spedizione di questo corriere, o il marketplace non lo accetta: controlla le cifre sull’etichetta.',
  },
  refusals: {
    'nothing-to-know-it-by': () =>
      'Manca un numero: indica il riferimento mittente, il numero dei colli o il numero di spedizione.',
    'number-malformed': (detail) =>
      `Il numero non ha la forma di quelli del corriere${of(detail)}. BRT: spedizione di 12 cifre, collo di 15 cifre, riferimento di al massimo 15 caratteri.`,
    'carrier-missing': () => 'Per un corriere inserito a mano scrivi anche il nome del corriere.',
    'reference-taken': (detail) =>
      `Un’altra spedizione ha già questo riferimento, con altri ordini o altre quantità${of(detail)}.`,
    'account-unknown': (detail) => `Il contratto con il corriere non esiste${of(detail)}: aprilo prima.`,
    'account-ambiguous': (detail) =>
      `Ci sono più contratti con questo corriere${of(detail)}: indica quale usare.`,
    'order-twice': (detail) => `Lo stesso ordine è indicato due volte${of(detail)}.`,
    'order-unknown': (detail) => `L’ordine non è ancora arrivato${of(detail)}: attendi la sincronizzazione.`,
    'line-unknown': (detail) => `L’ordine non ha questa riga${of(detail)}.`,
    'line-twice': (detail) => `La stessa riga d’ordine è indicata due volte${of(detail)}.`,
    'too-many': (detail) => `I pezzi sono più di quelli ancora da spedire${of(detail)}.`,
    'nothing-left': (detail) =>
      `Dell’ordine non resta niente da spedire${of(detail)}: è già tutto in altre spedizioni.`,
    'amount-malformed': (detail) =>
      `L’importo non è leggibile o non è maggiore di zero${of(detail)}: scrivilo come 19.90 con la valuta.`,
    'already-shipped': (detail) => `L’ordine risulta già spedito sul marketplace${of(detail)}.`,
    cancelled: (detail) => `L’ordine è annullato o rimborsato${of(detail)}: non va spedito.`,
    'marketplace-ships': (detail) => `L’ordine lo spedisce il marketplace${of(detail)}.`,
    'cancellation-requested': (detail) =>
      `L’acquirente ha chiesto l’annullamento${of(detail)}: rispondi prima alla richiesta.`,
    'not-ready': (detail) => `L’ordine non è ancora da spedire${of(detail)}: non è pagato o non è accettato.`,
    'red-order': (detail) =>
      `L’ordine è rosso: qualcuno vi ha agito a mano sul marketplace${of(detail)}. Controlla il marketplace e, se va bene, ripeti con la conferma (confirmedRed).`,
    'buyer-unknown': (detail) =>
      `Dell’acquirente non si sa ancora niente${of(detail)}: attendi la sincronizzazione.`,
    'buyer-waiting': (detail) =>
      `L’indirizzo dell’acquirente non è ancora arrivato${of(detail)}: viene richiesto da solo, riprova tra qualche minuto oppure scrivi l’indirizzo.`,
    'buyer-refused': (detail) =>
      `Il marketplace o il fornitore non consegna l’indirizzo dell’acquirente${of(detail)}: leggilo dal marketplace e scrivilo qui.`,
    'buyer-deleted': (detail) =>
      `I dati dell’acquirente sono stati cancellati alla scadenza${of(detail)}: da qui non si può più spedire.`,
    'address-incomplete': (detail) =>
      `All’indirizzo manca il nome, la via, il CAP, la città o il paese${of(detail)}: scrivi l’indirizzo completo.`,
    'province-unknown': (detail) =>
      `Dall’indirizzo non si capisce la provincia${of(detail)}: scrivi l’indirizzo con la sigla di due lettere.`,
    'different-recipients': (detail) =>
      `Gli ordini vanno a indirizzi diversi${of(detail)}: fai una spedizione per ciascuno.`,
    'not-made-here': () =>
      'La spedizione è stata creata altrove: da qui non si può cambiare presso il corriere.',
    'already-made': () => 'Il corriere ha già creato la spedizione: prima eliminala, poi creane un’altra.',
    'not-made-yet': () => 'Il corriere non ha ancora creato la spedizione.',
    'already-deleted': () => 'La spedizione è stata eliminata.',
    'too-early': (detail) =>
      `Il corriere sta ancora elaborando la spedizione: riprova tra ${detail === '' ? 'qualche minuto' : `${detail} minuti`}.`,
    'changed-meanwhile': () => 'Qualcun altro l’ha cambiata nel frattempo: rileggi e riprova.',
  },
  making: {
    invalid:
      'Il corriere non accetta un dato della spedizione: controlla indirizzo, peso e colli, poi riprova.',
    unauthorised:
      'Il corriere rifiuta le credenziali: rinnovale nel contratto con il corriere, poi riprova. Fino ad allora non si creano spedizioni.',
    address: 'Il corriere non trova la strada per questo indirizzo: correggi l’indirizzo e riprova.',
    'pick-up-point': 'Il corriere non conosce il punto di ritiro: scegline un altro o toglilo, poi riprova.',
    inconsistent: 'I dati della spedizione si contraddicono secondo il corriere: controllali e riprova.',
    'not-confirmable': 'Il corriere non può confermare la spedizione: chiedi alla filiale.',
    'taken-over':
      'La filiale ha già preso in carico la spedizione: non si può più eliminare. Chiama la filiale.',
    'not-unique':
      'Presso il corriere ci sono più spedizioni con lo stesso riferimento: chiama la filiale ed elimina quella in più.',
    unavailable: 'Il corriere non ha risposto: si riprova da solo, al più presto dopo cinque minuti.',
    'unexpected-answer':
      'Il corriere ha risposto in un modo che non si capisce: controlla sul suo sito se la spedizione c’è, poi riprova. Riprovando, quella eventuale viene prima eliminata.',
  },
  warnings: {
    'address-normalised':
      'Il corriere ha riscritto l’indirizzo: confrontalo con quello dell’ordine prima di consegnare i colli.',
    'pick-up-point-differs':
      'L’indirizzo è diverso da quello del punto di ritiro: controlla prima di consegnare i colli.',
    other: 'Il corriere ha creato la spedizione con un avviso sconosciuto: controllala sul suo sito.',
  },
  files: {
    empty: () => 'Il file è vuoto.',
    'not-text': () =>
      'Il file non è un testo CSV in UTF-8: salvalo come «CSV UTF-8» e caricalo di nuovo. Nessuna riga è stata letta.',
    'no-header': (detail) =>
      `La prima riga non ha le intestazioni${of(detail)}: servono almeno corriere, marketplace, ordine e un numero.`,
    'column-twice': (detail) => `Una colonna è ripetuta${of(detail)}: toglila e carica di nuovo il file.`,
    'too-large': (detail) => `Il file è troppo grande${of(detail)}: dividilo in più file.`,
    'damaged-quotes': (detail) =>
      `Le virgolette del file sono rovinate${of(detail)}: le righe non si distinguono.`,
    'cut-off': () => 'La riga ha meno colonne delle intestazioni: è interrotta.',
    'too-many-columns': () => 'La riga ha più colonne delle intestazioni.',
    'courier-unknown': (detail) =>
      `Il corriere non è conosciuto${of(detail)}: brt, gls, dhl, poste, ups oppure manual.`,
    'marketplace-unknown': (detail) =>
      `Il marketplace non è conosciuto${of(detail)}: amazon, ebay o manomano.`,
    'order-missing': () => 'Manca il numero dell’ordine, o contiene caratteri non ammessi.',
    'reference-malformed': (detail) =>
      `Il numero o il riferimento contiene caratteri non ammessi${of(detail)}. Se Excel l’ha trasformato, scrivilo come testo.`,
    'quantity-malformed': (detail) => `La quantità non è un numero intero da 1 in su${of(detail)}.`,
    'line-missing': () => 'C’è una quantità senza la riga d’ordine, o una riga d’ordine senza quantità.',
    'date-malformed': (detail) =>
      `La data non si legge${of(detail)}: scrivila come 2026-11-23 oppure 23/11/2026, con l’ora se serve.`,
    'address-malformed': () => 'L’indirizzo per seguire la spedizione deve cominciare con https://.',
    'rows-disagree': (detail) => `Le righe della stessa spedizione non dicono le stesse cose${of(detail)}.`,
    'other-row-wrong': (detail) =>
      `La riga ${detail}, della stessa spedizione, è sbagliata: correggi quella e carica di nuovo le righe della spedizione.`,
    'too-much-in-one': () => 'Una spedizione porta al massimo 20 ordini e 99 colli: dividila.',
  },
  accounts: {
    works: 'Le credenziali funzionano.',
    savedUntested: 'Le credenziali sono salvate senza prova: il corriere non ha potuto rispondere.',
    invalid: (detail) => `Le credenziali non sono complete o hanno un campo sconosciuto${of(detail)}.`,
    noCredentials: 'Il contratto non ha ancora credenziali.',
    cannotBeTested: 'Le credenziali di questo corriere non si possono provare da qui.',
    unknown: 'Il contratto con il corriere non esiste.',
    idTaken: 'C’è già un contratto con questo nome breve.',
    conflict: 'Qualcun altro ha cambiato il contratto nel frattempo: rileggi e riprova.',
    unauthorised: 'Il corriere rifiuta le credenziali: niente è stato salvato o cambiato.',
    throttled: 'Il corriere riceve troppe richieste: riprova tra qualche minuto.',
    unavailable: 'Il corriere non risponde: riprova tra qualche minuto.',
    'unexpected-answer': 'Il corriere ha risposto in un modo che non si capisce.',
  },
};
