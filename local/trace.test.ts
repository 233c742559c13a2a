import { expect, it } from 'vitest';
import { createTrace } from './trace.ts';

it('a fact that has already happened is found', async () => {
  const trace = createTrace();
  trace.add('message-handled', { messageId: '1' });
  await expect(trace.waitFor('handled', ({ what }) => what === 'message-handled', 10)).resolves.toMatchObject(
    {
      of: { messageId: '1' },
    },
  );
});

it('a fact that happens later ends the wait', async () => {
  const trace = createTrace();
  const waited = trace.waitFor('second', ({ of }) => of.messageId === '2', 1_000);
  trace.add('message-handled', { messageId: '1' });
  trace.add('message-handled', { messageId: '2' });
  await expect(waited).resolves.toMatchObject({ of: { messageId: '2' } });
});

it('a fact that does not come fails with everything that did', async () => {
  const trace = createTrace();
  trace.add('schedule-due', { schedule: 'plan' });
  await expect(trace.waitFor('an order', ({ what }) => what === 'order', 5)).rejects.toThrow(
    /an order: not seen within 5 ms[\s\S]*schedule-due {2}schedule=plan/,
  );
});

it('old events make room for new ones', () => {
  const trace = createTrace();
  for (let index = 0; index < 45_000; index += 1) trace.add('tick', { index });
  expect(trace.events.length).toBeLessThanOrEqual(20_000);
  expect(trace.events.at(-1)?.of.index).toBe(44_999);
});
