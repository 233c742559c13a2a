import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadTenant } from '../infra/tenants/tenant-config.ts';
import { resourcesOf, synthesise } from './support/synthesised-stacks.ts';

const runbook = readFileSync(new URL('../docs/operator-runbook.md', import.meta.url), 'utf8');
/** Articles by heading. The first part, before any heading, is the introduction. */
const articles = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end).trim(), part.slice(end)] as const;
    }),
);

const { state, service, receipts, api } = synthesise(loadTenant('demo'));
const alarms = resourcesOf('AWS::CloudWatch::Alarm', state, service, receipts, api).map(({ Properties }) => {
  const { AlarmName, AlarmDescription } = z
    .object({ AlarmName: z.string().startsWith('demo-'), AlarmDescription: z.string() })
    .parse(Properties);
  return { name: AlarmName.slice('demo-'.length), description: AlarmDescription };
});

describe('the operator runbook', () => {
  it.each(alarms)('has an article for $name, which its alarm points to', ({ name, description }) => {
    const [impact, heading] = description.split(' Runbook: ');
    expect(heading).toBe(name);
    expect(impact).toMatch(/^[A-Z].*\.$/);
    expect(articles.get(name)).toContain(`**Impact.** ${impact}\n`);
    expect(articles.get(name)).toMatch(/\*\*Investigate\.\*\* .+\*\*Resolve\.\*\* .+/s);
  });

  it('has no article for an alarm that is gone', () => {
    const known = alarms.map(({ name }) => name);
    expect(known.length).toBeGreaterThan(15);
    expect([...articles.keys()].filter((heading) => !known.includes(heading))).toEqual([
      'Tools for every article',
    ]);
  });

  it('links only to articles it has', () => {
    const anchors = [...runbook.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);
    const headings = [...articles.keys()].map((heading) => heading.toLowerCase().replaceAll(' ', '-'));
    expect(anchors.length).toBeGreaterThan(14);
    expect(anchors.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([]);
  });
});
