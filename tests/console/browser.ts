import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import * as z from 'zod';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine: `CHROMIUM`, or the first of the usual names in `PATH`. */
export async function launchBrowser(): Promise<Browser> {
  const candidates =
    process.env.CHROMIUM === undefined
      ? (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
      : [process.env.CHROMIUM];
  const executablePath = candidates.find(isExecutable);
  if (executablePath === undefined) {
    throw new Error('No Chromium: install Debian\'s package "chromium", or name the program in CHROMIUM.');
  }
  // Its sandbox does not start for root, which a container's user often is.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A visit to the console, with what its pages complained of. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the browser's console, refusals by the policy of the pages among them, since it was last emptied. */
  readonly complaints: string[];
}

/** Signs one of the demo people in, as a person does. */
export async function visit(
  browser: Browser,
  consoleUrl: string,
  role: string,
  size = { width: 1280, height: 800 },
): Promise<Visit> {
  const context = await browser.newContext({ viewport: size, locale: 'it-IT' });
  // Before the page: its policy refuses scripts that are put into it.
  await context.addInitScript({ content: axe.source });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The page of the sign-in is not the console's.
    if (message.type() === 'error' && page.url().startsWith(consoleUrl)) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(consoleUrl);
  await page.getByRole('button', { name: role, exact: true }).click();
  await page.getByRole('navigation').or(page.getByRole('main')).first().waitFor();
  return { page, context, complaints };
}

/**
 * All of the page but what the components' library says once to a screen reader and takes away after seconds: it names the
 * button that was pressed, which may be gone with its page.
 */
const RUN = "axe.run({ exclude: ['[data-live-announcer]'] })";

const resultSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** What axe finds wrong with the page as it is, one a line. */
export async function violations(page: Page): Promise<readonly string[]> {
  const result = resultSchema.parse(await page.evaluate(RUN));
  return result.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${html} ${failureSummary ?? ''}`),
  );
}
