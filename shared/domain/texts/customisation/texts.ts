import type { CustomisationProblem } from '../../customisation.ts';

/** Why a customisation is not there, and what the operator does about it, in one language. */
export type CustomisationTexts = Readonly<Record<CustomisationProblem | 'not-wanted', string>>;
