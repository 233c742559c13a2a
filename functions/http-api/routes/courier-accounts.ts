import type { Language } from '../../../shared/domain/texts/index.ts';
import { courierAccountTexts } from '../../../shared/domain/texts/shipments/index.ts';
import { Problem, type ProblemKind } from '../../../shared/runtime/http-problem.ts';
import {
  type CourierCredentialsDeps,
  listCourierAccounts,
  type OpenCourierAccountDeps,
  openCourierAccount,
  saveCourierCredentials,
  type TestedCourierCredentials,
  testCourierCredentials,
} from '../../../shared/usecases/courier-accounts.ts';
import type { Answered, Implementations } from '../implementation.ts';

type Texts = ReturnType<typeof courierAccountTexts>;
type Account = Awaited<ReturnType<typeof listCourierAccounts>>[number];
type AccountProblem = Extract<TestedCourierCredentials, { outcome: 'failed' }>['problem'];

/** Contracts with couriers, as far as no courier is asked. */
export function courierAccountRoutes(
  deps: Omit<OpenCourierAccountDeps, 'actor'>,
): Pick<Implementations, 'listCourierAccounts' | 'openCourierAccount'> {
  return {
    listCourierAccounts: async () => ({
      body: { courierAccounts: (await listCourierAccounts(deps)).map(accountDocument) },
    }),

    async openCourierAccount({ body, caller }) {
      const opened = await openCourierAccount({ ...deps, actor: caller.subject }, body);
      switch (opened.outcome) {
        case 'opened':
          return { body: accountDocument(opened.account) };
        case 'id-taken':
          throw problem('conflict', opened.outcome, ({ idTaken }) => idTaken);
        case 'invalid-id':
          throw new Problem('refused', { code: opened.outcome });
      }
    },
  };
}

/** Their credentials, which the courier is asked about. */
export function courierCredentialRoutes(
  deps: Omit<CourierCredentialsDeps, 'actor'>,
): Pick<Implementations, 'saveCourierCredentials' | 'testCourierCredentials'> {
  return {
    async saveCourierCredentials({ params, body, caller }) {
      const saved = await saveCourierCredentials(
        { ...deps, actor: caller.subject },
        { ...params, secrets: body.credentials, storeUntested: body.storeUntested },
      );
      switch (saved.outcome) {
        case 'saved':
          return {
            body: {
              courierAccount: accountDocument(saved.account),
              tested: saved.tested,
              messages: messages((texts) => (saved.tested ? texts.works : texts.savedUntested)),
            },
          };
        case 'unknown':
          throw problem('not-found', 'not-found', ({ unknown }) => unknown);
        case 'invalid': {
          const fields = saved.faults.map(({ field }) => field).join(', ');
          throw new Problem('refused', {
            code: 'invalid-credentials',
            words: words(({ invalid }) => invalid(fields)),
            issues: saved.faults.map(({ field, fault }) => ({ where: 'body' as const, field, rule: fault })),
          });
        }
        case 'refused':
          throw problem('refused', 'unauthorised', ({ unauthorised }) => unauthorised);
        case 'not-tested':
          throw problem(KIND_OF[saved.problem], saved.problem, (texts) => texts[saved.problem]);
        case 'conflict':
          throw problem('conflict', 'conflict', ({ conflict }) => conflict);
      }
    },

    async testCourierCredentials({ params, caller }) {
      const tested = await testCourierCredentials({ ...deps, actor: caller.subject }, params);
      switch (tested.outcome) {
        case 'works':
          return testedAnswer(tested.account, true, ({ works }) => works);
        case 'failed':
          return testedAnswer(tested.account, false, (texts) => texts[tested.problem]);
        case 'unknown':
          throw problem('not-found', 'not-found', ({ unknown }) => unknown);
        case 'no-credentials':
          throw problem('conflict', tested.outcome, ({ noCredentials }) => noCredentials);
        case 'cannot-be-tested':
          throw problem('conflict', tested.outcome, ({ cannotBeTested }) => cannotBeTested);
      }
    },
  };
}

const KIND_OF: Readonly<Record<AccountProblem, ProblemKind>> = {
  unauthorised: 'refused',
  throttled: 'throttled',
  unavailable: 'unavailable',
  'unexpected-answer': 'unexpected-answer',
};

function testedAnswer(
  account: Account,
  works: boolean,
  sentence: (texts: Texts) => string,
): Answered<'testCourierCredentials'> {
  return { body: { courierAccount: accountDocument(account), works, messages: messages(sentence) } };
}

function accountDocument({
  credentialsSavedAt,
  checked,
  ...account
}: Account): Answered<'openCourierAccount'>['body'] {
  return {
    ...account,
    credentialsSavedAt: credentialsSavedAt ?? null,
    checked: checked === undefined ? null : { at: checked.at, problem: checked.problem ?? null },
  };
}

function messages(sentence: (texts: Texts) => string): Readonly<Record<Language, readonly string[]>> {
  return { it: [sentence(courierAccountTexts('it'))], en: [sentence(courierAccountTexts('en'))] };
}

function words(sentence: (texts: Texts) => string): { detail: string; detailEn: string } {
  return { detail: sentence(courierAccountTexts('it')), detailEn: sentence(courierAccountTexts('en')) };
}

function problem(kind: ProblemKind, code: string, sentence: (texts: Texts) => string): Problem {
  return new Problem(kind, { code, words: words(sentence) });
}
