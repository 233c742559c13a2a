/**
 * Runs the command given as arguments and ends it, with whatever it started, when the process that started this one
 * goes away, however that happens. Programs that know nothing of their parent (Java, the CDK's command line) are
 * started through it, so that none stays behind. It must be the leader of a process group of its own.
 */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

let ending = false;
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {
  // The group has this process in it: its own signal comes back once.
  if (ending) return;
  ending = true;
  endAll('SIGTERM');
});
process.on('disconnect', () => endAll('SIGKILL'));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));

function endAll(signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // Where there are no process groups, the child alone.
    child.kill(signal);
  }
}
