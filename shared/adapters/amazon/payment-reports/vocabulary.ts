import {
  type Component,
  type FeeGroup,
  type RowClass,
  rowClass,
  type Side,
} from '../../../domain/statement.ts';

/**
 * What Amazon's words on a settlement row mean. There is no official list: the amount type decides first, a word
 * in no table becomes `unclassified` and stays visible.
 * Source: SP-API docs "Settlement Reports", and real settlement files of 2025 and 2026.
 */
export interface RowMeaning {
  readonly cls: RowClass;
  /** What the row is called in the account's breakdown. */
  readonly label: string;
  /** False when the amount type was known but not the description: counted, and reported as a new word. */
  readonly known: boolean;
}

/** Spelling differs between files ("Shipment-Fees", "other-transaction", upper case): compare letters and digits. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const REVERSALS = /refund|chargeback|retrocharge|claim|atozguarantee/;
const TAX_WITHHELD = /^(marketplacefacilitator|lowvaluegoods)/;
const BALANCE =
  /reserveamount|payabletoamazon|successfulcharge|disbursement|transferoffunds|microdeposit|currencyconver|^transfer$|^debt/;
const REIMBURSEMENT =
  /reimburs|warehouse(lost|damage)|missingfrominbound|compensatedclawback|freereplacementrefund|cserroritems|incorrectfees|safet/;
const ORDER_COST = /labelpurchase|returnpostage|shippinglabel/;
const ACCOUNT_TRANSACTIONS =
  /^(servicefee|othertransaction|amazonfees|fbafees|fbainventoryfee|adjustment|transfer|debt|couponredemptionfee|commingling|sellerrewards|vine|liquidations?|imagingservices|subscription)/;
const ACCOUNT_AMOUNT_TYPES =
  /^(costofadvertising|othertransaction|couponredemption|promotionfee|deal|lightningdeal|vine|commingling|sellerrewards|productads)/;

const FEES: Readonly<Record<string, FeeGroup>> = {
  commission: 'commission',
  shippinghb: 'commission',
  variableclosingfee: 'commission',
  fixedclosingfee: 'commission',
  shippingchargeback: 'shipping',
  giftwrapchargeback: 'shipping',
  refundcommission: 'refundCommission',
  salestaxservicefee: 'other',
  renewedprogramfee: 'other',
};

function feeGroup(description: string): { group: FeeGroup; known: boolean } {
  const group = FEES[description];
  if (group) return { group, known: true };
  if (description.startsWith('fba')) return { group: 'fba', known: true };
  if (description.startsWith('digitalservicesfee')) return { group: 'digitalServices', known: true };
  return { group: 'other', known: false };
}

/**
 * @param transactionType e.g. `Order`, `Refund`, `other-transaction`
 * @param amountType e.g. `ItemFees`; V1 columns are named like it first
 * @param description e.g. `Commission`
 */
export function meaningOf(transactionType: string, amountType: string, description: string): RowMeaning {
  const transaction = bare(transactionType);
  const type = bare(amountType);
  const word = bare(description);
  const side: Side = REVERSALS.test(transaction) ? 'reversal' : 'sale';
  const label = [transactionType, amountType, description]
    .filter((part, i, parts) => part !== '' && parts.indexOf(part) === i)
    .join(' / ');
  const as = (component: Component, known = true): RowMeaning => ({
    cls: rowClass(component, side),
    label,
    known,
  });

  // One published file has the withheld tax among the item fees: the word decides, not the column.
  if (type === 'itemwithheldtax' || TAX_WITHHELD.test(word)) return as('taxWithheld');
  if (type === 'itemprice') return as(word.endsWith('tax') ? 'tax' : 'price');
  if (type === 'promotion' || type === 'points') return as('discount');
  if (type === 'itemfees' || type === 'shipmentfees' || type === 'orderfee' || type === 'orderfees') {
    // Advertising is charged under the item fees of a service fee in V1 files.
    if (transaction === 'servicefee') return as('accountCost');
    const { group, known } = feeGroup(word);
    return as(group, known);
  }
  if (REIMBURSEMENT.test(type) || REIMBURSEMENT.test(word) || REIMBURSEMENT.test(transaction))
    return as('reimbursement');
  if (BALANCE.test(word) || BALANCE.test(transaction)) return as('balance');
  if (ORDER_COST.test(word)) return as('orderCost');
  if (
    transaction === 'amazonfees' ||
    transaction === 'fbafees' ||
    type === 'amazonfees' ||
    type === 'fbafees'
  ) {
    return as(transaction.startsWith('fba') || type.startsWith('fba') ? 'fba' : 'other');
  }
  if (ACCOUNT_AMOUNT_TYPES.test(type) || ACCOUNT_TRANSACTIONS.test(transaction)) return as('accountCost');
  return as('unclassified', false);
}
