import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { CommandFailure, runCommand } from './commands.ts';

try {
  process.stdout.write(
    await runCommand(process.argv.slice(2), {
      env: process.env,
      channelsIn: (stateTable) => createChannelStore(createDynamoDbClient(), stateTable),
      credentialsUnder: (prefix, kmsKeyId) => createCredentialStore(createSsmClient(), prefix, kmsKeyId),
      nowMs: Date.now(),
    }),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof CommandFailure ? error.exitCode : 3;
}
