import { ManomanoRefusal } from './answers.ts';

/** One per country and delivery type; all of a seller's are served by one key. */
export interface Contract {
  readonly contractId: number;
  /** How the answers of this contract write amounts: public clients have met both. */
  readonly amounts: 'number' | 'string';
}

/** A seller's contracts, and which of them may be read. */
export class Contracts {
  readonly #contracts: ReadonlyMap<number, Contract>;
  readonly #refused = new Set<number>();

  constructor(contracts: readonly Contract[]) {
    this.#contracts = new Map(contracts.map((contract) => [contract.contractId, contract]));
  }

  /** The contract, if it is the seller's and enabled. */
  readable(contractId: number): Contract {
    const contract = this.#contracts.get(contractId);
    if (contract === undefined) throw new ManomanoRefusal(404, 'Contract not found');
    if (this.#refused.has(contractId)) throw new ManomanoRefusal(403, 'This contract is not enabled');
    return contract;
  }

  refuse(contractId: number): void {
    this.#refused.add(contractId);
  }

  allow(contractId: number): void {
    this.#refused.delete(contractId);
  }
}
