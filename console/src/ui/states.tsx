import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ApiError } from '../api/client.ts';
import { useSession } from '../session/context.tsx';
import { useSpeech, useTexts } from '../texts/context.tsx';

/** Something is on its way. Said to those who do not see it, too. */
export function Loading() {
  const { common } = useTexts();
  return (
    <p className="state" role="status">
      <span className="spinner" aria-hidden="true" /> {common.loading}
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="state">{children}</p>;
}

/** What went wrong, in the person's language, with what they can do. */
export function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const { language, texts } = useSpeech();
  const session = useSession();
  const { status, problem } = error instanceof ApiError ? error : { status: -1, problem: undefined };
  if (status === 401) {
    return (
      <div className="state state-error" role="alert">
        <p>{texts.app.sessionOver}</p>
        <Button onPress={() => void session.signIn()}>{texts.app.signIn}</Button>
      </div>
    );
  }
  const ours = { 0: texts.common.offline, 403: texts.common.forbidden, 404: texts.common.notFound }[status];
  const said = problem === undefined ? undefined : language === 'en' ? problem.detailEn : problem.detail;
  return (
    <div className="state state-error" role="alert">
      <p>{status === 403 ? texts.common.forbidden : (said ?? ours ?? texts.common.failed)}</p>
      {problem === undefined ? null : (
        <p className="quiet">
          {texts.common.code} <code>{problem.instance}</code>
        </p>
      )}
      {onRetry === undefined || status === 403 ? null : (
        <Button onPress={onRetry}>{texts.common.retry}</Button>
      )}
    </div>
  );
}
