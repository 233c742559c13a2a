import type { CustomisationTexts } from './texts.ts';

export const it: CustomisationTexts = {
  'no-file-named':
    'Amazon non indica ancora il file della personalizzazione. Controlla in Seller Central, in Ordini > Report ordini > impostazioni, che le colonne della personalizzazione siano attive; intanto leggila dalla pagina dell’ordine in Seller Central.',
  'not-downloadable':
    'Amazon indica il file della personalizzazione ma non lo consegna. Viene richiesto di nuovo per un giorno; se hai fretta scaricalo dalla pagina dell’ordine in Seller Central.',
  'hostile-package':
    'Il file della personalizzazione non è come quelli di Amazon e per sicurezza non è stato aperto. Leggi la personalizzazione dalla pagina dell’ordine in Seller Central e avvisa l’assistenza.',
  'unreadable-package':
    'Il file della personalizzazione è rovinato o senza descrizione. Leggi la personalizzazione dalla pagina dell’ordine in Seller Central.',
  'not-permitted':
    'L’applicazione non può leggere i dati personali degli ordini: le manca il ruolo con restrizioni "Spedizione diretta al consumatore". Chiedilo ad Amazon nel profilo sviluppatore e autorizza di nuovo l’applicazione.',
  'not-wanted': 'L’ordine è annullato o rimborsato: la personalizzazione non serve più.',
};
