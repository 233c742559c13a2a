import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { issueDueReceipts } from '../../shared/usecases/issue-due-receipts.ts';
import { resumeReceipts } from '../../shared/usecases/retry-receipt.ts';
import { sweepReceiptChannels } from '../../shared/usecases/sweep-receipt-channels.ts';
import { issuingDeps } from './deps.ts';
import { envSchema } from './env.ts';
import { createIssueDueReceiptsHandler } from './handler.ts';

const observability = createObservability();
const deps = issuingDeps(readEnv(envSchema));

export const handler = withObservability(
  observability,
  createIssueDueReceiptsHandler({
    sweep: (remainingMs) => sweepReceiptChannels(deps, remainingMs),
    issueDue: (remainingMs) => issueDueReceipts(deps, remainingMs),
    resume: (remainingMs) => resumeReceipts(deps, remainingMs),
    now: deps.clock.now,
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
