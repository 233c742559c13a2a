import type { Marketplace } from '../../order.ts';
import { inBrackets, quoted } from '../texts.ts';
import { type ChannelTexts, MARKETPLACE_NAMES } from './texts.ts';

const RENEW: Readonly<Record<Marketplace, string>> = {
  amazon:
    "In Seller Central, sotto App e servizi > Gestisci le tue app, autorizza di nuovo l'applicazione e salva qui il nuovo refresh token; se è scaduto il client secret, rinnovalo nella console per sviluppatori e salva quello nuovo.",
  ebay: "Ripeti l'accesso a eBay con l'utente del negozio, dai il consenso e salva qui il nuovo refresh token.",
  manomano:
    'In ManoMano Toolbox, sotto Impostazioni > Chiavi API, un amministratore genera una nuova chiave: salvala qui.',
};
const FORBIDDEN: Readonly<Record<Marketplace, string>> = {
  amazon:
    "Aggiungi i ruoli che mancano al profilo sviluppatore e all'applicazione, poi autorizza di nuovo l'applicazione in Seller Central.",
  ebay: "Controlla che l'applicazione eBay abbia i permessi richiesti e ripeti il consenso con l'utente del negozio.",
  manomano:
    'Controlla in ManoMano Toolbox che la chiave sia attiva e che i numeri di contratto siano quelli del negozio.',
};
const ACCOUNT_IDS: Readonly<Record<Marketplace, string>> = {
  amazon: 'il Merchant Token di Seller Central, lettere maiuscole e cifre',
  ebay: "l'utente eBay del negozio",
  manomano: 'un nome breve di lettere, cifre, punto, trattino',
};

export const it: ChannelTexts = {
  notices: {
    archived: (detail) => `Il canale è archiviato${inBrackets(detail)}: non sincronizza più nulla.`,
    revoked: (detail) =>
      `Il marketplace non riconosce più l'autorizzazione${inBrackets(detail)}: gli ordini non arrivano finché non la rinnovi, poi vengono recuperati tutti.`,
    'no-credentials': () => 'Mancano le credenziali del marketplace: salvale nelle impostazioni del canale.',
    failing: (detail) =>
      `Il marketplace per ora non risponde come dovrebbe${inBrackets(detail)}: la sincronizzazione continua a provare da sola.`,
    expired: (detail) => `Una credenziale è scaduta${inBrackets(detail)}: rinnovala e salvala di nuovo.`,
    'site-inactive': (detail) => `Il sito o il contratto${quoted(detail)} non è attivo per questo account.`,
    'permission-missing': (detail) =>
      `All'applicazione manca un permesso${quoted(detail)}: una parte del lavoro non è possibile.`,
    'expires-soon': (detail) =>
      `Una credenziale sta per scadere${inBrackets(detail)}: rinnovala prima di quel giorno.`,
    'orders-off': () =>
      'La sincronizzazione degli ordini è spenta finché non la accendi nelle impostazioni del canale.',
  },
  problems: {
    unauthorised: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} non accetta queste credenziali. ${RENEW[marketplace]}`,
    forbidden: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} riconosce le credenziali ma non permette quello che serve. ${FORBIDDEN[marketplace]}`,
    throttled: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} ha già risposto a troppe richieste di questo account. Riprova tra qualche minuto.`,
    unavailable: (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} in questo momento non risponde. Riprova tra qualche minuto.`,
    'unexpected-answer': (marketplace) =>
      `${MARKETPLACE_NAMES[marketplace]} ha risposto in un modo che non conosciamo. Riprova; se si ripete, segnalalo all'assistenza.`,
  },
  problemNames: {
    unauthorised: 'non autorizzato',
    forbidden: 'vietato',
    throttled: 'troppe richieste',
    unavailable: 'non risponde',
    'unexpected-answer': 'risposta sconosciuta',
  },
  credentials: {
    saved: (account) => `Le credenziali dell'account ${account} funzionano e sono state salvate.`,
    savedUntested: (marketplace) =>
      `Le credenziali sono state salvate senza prova, perché ${marketplace} non ha potuto rispondere: il controllo ogni 15 minuti dirà se funzionano.`,
    nothingChanged: 'Non è stato cambiato nulla: restano le credenziali di prima.',
    notTested: 'Le credenziali non si sono potute provare e non è stato cambiato nulla.',
    otherAccount: (found) =>
      `Le credenziali sono di un altro account${quoted(found)}. Non è stato cambiato nulla: usa le credenziali di questo negozio, o apri un canale per quell'account.`,
    invalidAccount: (marketplace) =>
      `Il codice dell'account non è valido: serve ${ACCOUNT_IDS[marketplace]}.`,
    invalidIssueDate: 'Una data di emissione non è valida: dev’essere un giorno passato.',
    conflict:
      'Qualcun altro ha salvato altre credenziali dello stesso account nello stesso momento: valgono le sue. Ricarica la pagina e, se serve, salva di nuovo.',
    faults: {
      missing: (field) => `Manca il campo${quoted(field)} delle credenziali.`,
      unknown: (field) => `Il campo${quoted(field)} non fa parte delle credenziali di questo marketplace.`,
      'too-long': (field) => `Il campo${quoted(field)} delle credenziali è troppo lungo.`,
    },
  },
  findings: {
    shop: (name) => `Il negozio si chiama${quoted(name)} sul marketplace.`,
    sites: (names) => `Siti o contratti attivi: ${names}.`,
    noSites: 'Il marketplace non ha indicato nessun sito o contratto attivo.',
  },
  faults: {
    'channel-id': () =>
      'Il codice del canale non è valido: minuscole, cifre e trattini, al massimo 40, per esempio amazon-it.',
    name: () => 'Il nome del canale non è valido: da 1 a 80 caratteri.',
    country: (marketplace) => `${MARKETPLACE_NAMES[marketplace]} non ha un sito in questo paese.`,
    'account-id': (marketplace) => `Il codice dell'account non è valido: serve ${ACCOUNT_IDS[marketplace]}.`,
    contracts: (marketplace) =>
      marketplace === 'manomano'
        ? 'I contratti non sono validi: serve almeno un numero di contratto, ciascuno una volta sola, con il suo paese e il tipo di consegna.'
        : 'I contratti ci sono solo su ManoMano.',
    'orders-from': () => 'Il primo giorno da importare non è valido: dev’essere un giorno passato.',
    carriers: () =>
      'Ogni corriere una volta sola, con un nome che il marketplace conosce. ManoMano accetta solo i nomi del proprio elenco, maiuscole e minuscole comprese.',
    'orders-from-too-late': () =>
      'Il primo giorno da importare non si può più cambiare, perché gli ordini sono già stati importati: per quelli più vecchi chiedi un recupero per date.',
  },
  refusals: {
    idTaken: (channelId) => `Esiste già un canale con il codice${quoted(channelId)}.`,
    siteTaken: (channelId) =>
      `Questo sito dell'account è già del canale${quoted(channelId)}: archivialo prima, oppure usa quello.`,
    noCredentials: "Mancano le credenziali dell'account: salvale prima nelle impostazioni del canale.",
    unknownChannel: 'Il canale non esiste, controlla il suo codice.',
    archived: 'Il canale è archiviato e non si può più cambiare: apri un nuovo canale.',
    conflict: 'Qualcun altro ha cambiato il canale nel frattempo: ricaricalo e ripeti la modifica.',
  },
  addedSites: (names) =>
    `Gli ordini nuovi dei contratti aggiunti (${names}) arrivano da soli; per quelli già esistenti chiedi un recupero per date.`,
  dryRun: {
    counted: ({ total, known, withoutPersonalData, complete }) =>
      `${complete ? '' : 'Almeno '}${counted(total, 'ordine', 'ordini')}, ${known} già ${known === 1 ? 'presente' : 'presenti'}, ${withoutPersonalData} senza dati personali.`,
    notCovered: (count) =>
      `${counted(count, 'ordine è di un sito', 'ordini sono di siti')} che il canale non copre: non ${count === 1 ? 'verrebbe salvato' : 'verrebbero salvati'}.`,
    unreadable: (count) =>
      `${counted(count, 'ordine non è leggibile', 'ordini non sono leggibili')}: segnalalo all'assistenza prima di accendere.`,
    refusedSites: (names) => `Il marketplace ha rifiutato di cercare in alcuni siti o contratti: ${names}.`,
    nothingToPull: 'Non c’è nulla di nuovo da importare.',
    noCallsLeft: (minutes) =>
      `Le richieste che il marketplace concede sono finite: riprova tra ${counted(minutes, 'minuto', 'minuti')}.`,
  },
  switches: { orders: 'Ordini', tracking: 'Tracking', receipts: 'Ricevute', listings: 'Inserzioni' },
  states: {
    working: 'funziona',
    failing: 'in difficoltà',
    revoked: 'autorizzazione revocata',
    unknown: 'mai provato',
  },
  expiries: {
    'client-secret': 'client secret',
    'refresh-token': 'refresh token',
    'signing-key': 'chiave di firma',
  },
};

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
