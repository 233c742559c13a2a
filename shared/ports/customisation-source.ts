import type { Customisation, CustomisationFile, CustomisationProblem } from '../domain/customisation.ts';

/** A customised line's package as it came, and what it says. */
export interface CustomisationPackage {
  readonly packed: Buffer;
  readonly customisation: Customisation;
  readonly files: readonly (CustomisationFile & { readonly bytes: Buffer })[];
}

/** The package is there and of no use. The message never quotes what is inside. */
export class RefusedCustomisation extends Error {
  readonly problem: CustomisationProblem;
  constructor(problem: CustomisationProblem, options?: { cause?: unknown }) {
    super(problem, options);
    this.problem = problem;
    this.name = 'RefusedCustomisation';
  }
}

/** Where customisation packages come from. Fails with `PartnerError` or `RefusedCustomisation`, never naming the URL. */
export interface CustomisationSource {
  fetchPackage(url: string): Promise<CustomisationPackage>;
}
