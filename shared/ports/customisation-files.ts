import type { Customisation } from '../domain/customisation.ts';
import type { OrderId } from '../domain/order.ts';
import type { CustomisationPackage } from './customisation-source.ts';

/** Which line of which order. */
export interface CustomisedLine {
  readonly orderId: OrderId;
  readonly orderLineId: string;
}

/** Customisations of order lines, encrypted, under the key and the rules of personal data. */
export interface CustomisationFiles {
  /** Stores the package, its files and what it says; the same line again replaces them. */
  keep(line: CustomisedLine, contents: CustomisationPackage): Promise<void>;
  /** What was read; undefined when nothing is kept. */
  read(line: CustomisedLine): Promise<Customisation | undefined>;
  /** An address that gives one kept file for some minutes, as a download. */
  linkTo(line: CustomisedLine, fileName: string): Promise<string>;
  /** Deletes everything kept of an order. Repeating it is harmless. */
  deleteFor(orderId: OrderId): Promise<void>;
}
