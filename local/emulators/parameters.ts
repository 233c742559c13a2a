import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { PARAMETER } from '../resource-types.ts';
import { StartFailure } from '../start-failure.ts';
import type { StackModel } from '../template.ts';
import type { Clock } from './clock.ts';

/** Parameter Store: the calls this project makes, and no others. */
export interface ParameterStore {
  readonly endpoint: string;
  createParameters(model: StackModel): Promise<void>;
  stop(): Promise<void>;
}

const storedSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['String', 'StringList', 'SecureString']),
  value: z.string(),
  keyId: z.string().optional(),
  version: z.number().int().positive(),
  modifiedAt: z.number(),
});
type Stored = z.infer<typeof storedSchema>;

/** The standard tier's limit. */
const VALUE_MAX_BYTES = 4_096;
const nameSchema = z
  .string()
  .regex(/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/)
  .max(1_011);
const NAMES_MAX = 10;

const requests = {
  PutParameter: z.strictObject({
    Name: nameSchema,
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    KeyId: z.string().optional(),
    Overwrite: z.boolean().optional(),
    Description: z.string().optional(),
    Tier: z.literal('Standard').optional(),
  }),
  GetParameter: z.strictObject({ Name: nameSchema, WithDecryption: z.boolean().optional() }),
  GetParameters: z.strictObject({
    Names: z.array(nameSchema).min(1).max(NAMES_MAX),
    WithDecryption: z.boolean().optional(),
  }),
  GetParametersByPath: z.strictObject({
    Path: z.string().startsWith('/'),
    Recursive: z.boolean().optional(),
    WithDecryption: z.boolean().optional(),
    MaxResults: z.int().min(1).max(10).optional(),
    NextToken: z.string().optional(),
  }),
  DeleteParameter: z.strictObject({ Name: nameSchema }),
};

class ParameterStoreError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** @param dataDir keeps the parameters in one file there; without it they live in memory */
export async function startParameterStore(options: {
  readonly region: string;
  readonly accountId: string;
  readonly dataDir: string | undefined;
  readonly clock: Clock;
}): Promise<ParameterStore> {
  const { region, accountId, dataDir, clock } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, 'parameters.json');
  const parameters = await load(file);
  let saving = Promise.resolve();

  function save(): Promise<void> {
    if (file === undefined || dataDir === undefined) return Promise.resolve();
    const content = JSON.stringify([...parameters.values()], null, 2);
    saving = saving.then(async () => {
      await mkdir(dataDir, { recursive: true });
      // Whole or not at all; credentials are for their owner only.
      await writeFile(`${file}.new`, content, { mode: 0o600 });
      await rename(`${file}.new`, file);
    });
    return saving;
  }

  function describe(stored: Stored, withDecryption: boolean | undefined): object {
    const hidden = stored.type === 'SecureString' && withDecryption !== true;
    return {
      Name: stored.name,
      Type: stored.type,
      Value: hidden ? Buffer.from(`encrypted:${stored.name}`).toString('base64') : stored.value,
      Version: stored.version,
      LastModifiedDate: stored.modifiedAt / 1000,
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter/${stored.name.replace(/^\//, '')}`,
      DataType: 'text',
    };
  }

  async function put(request: z.infer<typeof requests.PutParameter>): Promise<object> {
    const existing = parameters.get(request.Name);
    if (existing !== undefined && request.Overwrite !== true) {
      throw new ParameterStoreError(
        'ParameterAlreadyExists',
        `The parameter ${request.Name} already exists.`,
      );
    }
    const type = request.Type ?? existing?.type;
    if (type === undefined) {
      throw new ParameterStoreError(
        'ValidationException',
        'A parameter type is required when you create a parameter.',
      );
    }
    if (Buffer.byteLength(request.Value) > VALUE_MAX_BYTES) {
      throw new ParameterStoreError(
        'ValidationException',
        `Standard tier parameters support a maximum parameter value of ${VALUE_MAX_BYTES} characters.`,
      );
    }
    const version = (existing?.version ?? 0) + 1;
    parameters.set(request.Name, {
      name: request.Name,
      type,
      value: request.Value,
      keyId: request.KeyId,
      version,
      modifiedAt: clock.now(),
    });
    await save();
    return { Version: version, Tier: 'Standard' };
  }

  const operations: Record<keyof typeof requests, (body: unknown) => Promise<object> | object> = {
    PutParameter: (body) => put(requests.PutParameter.parse(body)),
    GetParameter(body) {
      const { Name, WithDecryption } = requests.GetParameter.parse(body);
      const stored = parameters.get(Name);
      if (stored === undefined)
        throw new ParameterStoreError('ParameterNotFound', `Parameter ${Name} not found.`);
      return { Parameter: describe(stored, WithDecryption) };
    },
    GetParameters(body) {
      const { Names, WithDecryption } = requests.GetParameters.parse(body);
      const found = Names.flatMap((name) => parameters.get(name) ?? []);
      return {
        Parameters: found.map((stored) => describe(stored, WithDecryption)),
        InvalidParameters: Names.filter((name) => !parameters.has(name)),
      };
    },
    GetParametersByPath(body) {
      const request = requests.GetParametersByPath.parse(body);
      const path = request.Path.endsWith('/') ? request.Path : `${request.Path}/`;
      const below = [...parameters.values()]
        .filter(
          ({ name }) =>
            name.startsWith(path) && (request.Recursive === true || !name.slice(path.length).includes('/')),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const from = Number(request.NextToken ?? 0);
      const until = from + (request.MaxResults ?? 10);
      return {
        Parameters: below.slice(from, until).map((stored) => describe(stored, request.WithDecryption)),
        ...(until < below.length ? { NextToken: String(until) } : {}),
      };
    },
    async DeleteParameter(body) {
      const { Name } = requests.DeleteParameter.parse(body);
      if (!parameters.delete(Name)) {
        throw new ParameterStoreError('ParameterNotFound', `Parameter ${Name} not found.`);
      }
      await save();
      return {};
    },
  };

  const server = createServer(async (request, response) => {
    let status = 200;
    let answer: object;
    try {
      const operation = String(request.headers['x-amz-target']).replace(/^AmazonSSM\./, '');
      if (!isOperation(operation)) {
        throw new ParameterStoreError('UnknownOperationException', `not here: ${operation}`);
      }
      answer = await operations[operation](JSON.parse(await text(request)));
    } catch (error) {
      status = 400;
      answer = errorBody(error);
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    async createParameters(model) {
      for (const { properties } of model.of(PARAMETER)) {
        const { Name, Type, Value } = properties;
        await put({ Name, Type, Value, Overwrite: true });
      }
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await saving;
    },
  };
}

function isOperation(name: string): name is keyof typeof requests {
  return name in requests;
}

function errorBody(error: unknown): object {
  if (error instanceof ParameterStoreError) return { __type: error.type, message: error.message };
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return { __type: 'ValidationException', message: error.message };
  }
  return { __type: 'InternalServerError', message: String(error) };
}

async function load(file: string | undefined): Promise<Map<string, Stored>> {
  if (file === undefined) return new Map();
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(
      z
        .array(storedSchema)
        .parse(JSON.parse(content))
        .map((stored) => [stored.name, stored]),
    );
  } catch (cause) {
    throw new StartFailure(
      `${file} non è leggibile: cancellarlo o indicare un'altra cartella con --data.\n` +
        `${file} cannot be read: delete it or name another folder with --data.`,
      { cause },
    );
  }
}
