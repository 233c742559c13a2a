import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { finishStoredReceipt } from '../../shared/usecases/retry-receipt.ts';
import { issuingDeps } from './deps.ts';
import { envSchema } from './env.ts';
import { createIssueReceiptsHandler } from './handler.ts';

const observability = createObservability();
const deps = issuingDeps(readEnv(envSchema));

export const handler = withObservability(
  observability,
  createIssueReceiptsHandler({
    finish: (receiptId) => finishStoredReceipt(deps, receiptId),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
