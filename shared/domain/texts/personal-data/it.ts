import type { ProviderProblem } from '../../provider-account.ts';

export const it: Readonly<Record<ProviderProblem, string>> = {
  'key-refused': "Il fornitore non accetta la chiave dell'account. Inserisci una chiave valida.",
  'account-suspended':
    "Il fornitore ha sospeso l'account, oppure il contratto è scaduto. Contatta il fornitore.",
  'account-unknown': 'Il fornitore non conosce questo account.',
  'module-unknown': "Questo modulo non esiste nell'account del fornitore.",
  'module-already-matched': 'Il modulo è già abbinato a un altro canale. Togli prima quell’abbinamento.',
  'channel-already-matched': 'Il canale è già abbinato a un altro modulo. Togli prima quell’abbinamento.',
  'country-mismatch': 'Il modulo è di un paese diverso da quello del canale.',
  'module-not-matched': 'Per il fornitore il modulo non è abbinato a questo canale. Ripeti l’abbinamento.',
  'changed-meanwhile': 'Qualcun altro ha modificato i dati nel frattempo. Ricarica e riprova.',
  'not-accepted': 'La richiesta non è stata accettata: controlla i dati inseriti.',
  'provider-throttled': 'Il fornitore riceve troppe richieste. Riprova tra qualche minuto.',
  'provider-unavailable':
    'Il fornitore non risponde: non si sa se la richiesta è stata eseguita. Ripetila tra qualche minuto, non crea doppioni.',
  'unexpected-answer': "La risposta del fornitore non rispetta il contratto. Avvisa l'assistenza.",
  'id-taken': 'Questo identificativo è già usato. Scegline un altro.',
  'account-not-here': 'Questo account non esiste.',
  'account-of-another': "L'account del fornitore è già collegato a un altro account di questo elenco.",
  'address-not-allowed':
    "L'indirizzo del fornitore deve iniziare con https:// ed essere un nome pubblico, senza porta né parametri.",
  'not-ready': 'La creazione presso il fornitore non è finita. Ripeti la creazione con gli stessi dati.',
  'no-key': "Manca la chiave dell'account. Inseriscila nelle impostazioni dell'account.",
  'not-of-this-kind': 'Questo tipo di account non ha dati presso un fornitore esterno.',
  'channel-not-here': 'Questo canale non esiste, oppure è archiviato.',
  'marketplace-mismatch': 'Il modulo è di un marketplace diverso da quello del canale.',
  'module-inactive': 'Il modulo non è attivo presso il fornitore.',
  'channel-without-module': 'Il canale non è abbinato a nessun modulo.',
};
