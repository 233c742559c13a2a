import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { isSameProduct, type Product } from '../../domain/product.ts';
import type { ProductStore } from '../../ports/product-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { tryTransaction } from './conditional.ts';
import { inParallel } from './in-parallel.ts';
import type { Item } from './order-item.ts';
import { fillPage, queryWholePartition } from './query-partition.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

const PREFIX = 'PRODUCT#';
/** Products looked at for one page of a narrow list. */
const READ_MAX = 20_000;

const productSchema = z.object({
  sku: z.string(),
  ean: z.string().optional(),
  title: z.string(),
  price: z.object({ amountMinor: z.int(), currency: z.string() }),
  vatRateBp: z.int(),
  quantity: z.int(),
  imageUrls: z.array(z.string()),
});
const itemSchema = z.object({ product: productSchema });
const matchableSchema = z.object({ sk: z.string(), ean: z.string().optional() });

/** The catalogue in the state table: one partition, in the order of SKUs. */
export function createProductStore(client: DynamoDBClient, tableName: string): ProductStore {
  const partition = { pk: keys.product('').pk, prefix: PREFIX };
  const getMany = async (skus: readonly string[]): Promise<Map<string, Product>> => {
    const distinct = [...new Set(skus)].map((sku) => marshall(keys.product(sku)));
    const products = (await batchGet(client, tableName, distinct)).map(productOf);
    return new Map(products.map((product) => [product.sku, product]));
  };

  return {
    async get(sku) {
      const item = await readItem(client, tableName, keys.product(sku));
      return item && productOf(item);
    },

    getMany,

    async putMany(products, at) {
      const stored = await getMany(products.map(({ sku }) => sku));
      const differing = products.filter((product) => {
        const known = stored.get(product.sku);
        return known === undefined || !isSameProduct(known, product);
      });
      await inParallel(differing, async (product) => {
        const Item = itemOf(product, at);
        await callAws('dynamodb', () => client.send(new PutItemCommand({ TableName: tableName, Item })));
      });
      const created = differing.filter(({ sku }) => !stored.has(sku)).length;
      const changed = differing.length - created;
      return { created, changed, unchanged: products.length - differing.length };
    },

    async create(product, at) {
      const Item = itemOf(product, at);
      const reasons = await tryTransaction(client, [
        { Put: { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
      ]);
      return reasons === undefined ? 'created' : 'exists';
    },

    async list({ text, limit, cursor }) {
      const filter =
        text === undefined
          ? undefined
          : {
              expression: 'contains(#search, :search)',
              names: { '#search': 'search' },
              values: { ':search': { S: text.toLowerCase() } },
            };
      const query = { ...partition, limit, after: cursor, filter };
      const { items, next } = await fillPage(client, tableName, query, READ_MAX);
      return { products: items.map(productOf), cursor: next };
    },

    async *matchable() {
      const query = { ...partition, attributes: ['sk', 'ean'] };
      for await (const items of queryWholePartition(client, tableName, query)) {
        yield items.map((item) => {
          const { sk, ean } = matchableSchema.parse(unmarshall(item));
          return { sku: sk.slice(PREFIX.length), ean };
        });
      }
    },

    async *all() {
      for await (const items of queryWholePartition(client, tableName, partition)) yield items.map(productOf);
    },
  };
}

function itemOf(product: Product, at: string): Item {
  const { sku, ean, title } = product;
  const search = [sku, ean ?? '', title].join('\n').toLowerCase();
  return marshall(
    { ...keys.product(sku), product, ean, search, changedAt: at },
    { removeUndefinedValues: true },
  );
}

function productOf(item: Item): Product {
  const read = itemSchema.safeParse(unmarshall(item));
  if (read.success) return { ...read.data.product, ean: read.data.product.ean };
  throw new UnexpectedAnswerError('dynamodb', `stored ${item.sk?.S ?? 'product'} is not in our format`, {
    cause: read.error,
  });
}
