import { mkdir, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartFailure } from './start-failure.ts';

const LOGS = fileURLToPath(new URL('../.local/logs', import.meta.url));
/** Runs whose logs are kept. */
const RUNS_KEPT = 10;

/** A folder for the logs of one run. It stays after the run, for whoever has to see why something failed. */
export async function createLogFolder(): Promise<string> {
  await mkdir(LOGS, { recursive: true });
  const runs = await Promise.all(
    (await readdir(LOGS)).map(async (name) => ({
      folder: join(LOGS, name),
      madeAtMs: await stat(join(LOGS, name)).then(
        ({ birthtimeMs }) => birthtimeMs,
        () => 0,
      ),
    })),
  );
  const old = runs.sort((a, b) => b.madeAtMs - a.madeAtMs).slice(RUNS_KEPT);
  await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true })));
  return mkdtemp(join(LOGS, `${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}-`));
}

/**
 * Makes the data folder this process's own, so that two stacks never write one state. The answer gives it back.
 * A folder whose owner is gone without giving it back is taken over.
 */
export async function takeDataFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'in-use-by');
  try {
    await mkdir(folder, { recursive: true });
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new StartFailure(
        `La cartella ${folder} è in uso da un altro npm start (processo ${owner}).\n` +
          `The folder ${folder} is in use by another npm start (process ${owner}).`,
      );
    }
    await rm(lock, { force: true });
    const handle = await open(lock, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
  } catch (cause) {
    if (cause instanceof StartFailure) throw cause;
    throw new StartFailure(
      `La cartella ${folder} non è utilizzabile: indicarne un'altra con --data.\n` +
        `The folder ${folder} cannot be used: name another one with --data. (${cause instanceof Error ? cause.message : cause})`,
      { cause },
    );
  }
  return () => rm(lock, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
