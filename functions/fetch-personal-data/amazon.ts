import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonOrderReader, GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
import { personalDataFromOrders } from '../../shared/usecases/personal-data-from-orders.ts';
import { startFetchPersonalData } from './start.ts';

export const handler = startFetchPersonalData('amazon', (credentials, clock) => ({
  source: personalDataFromOrders(createAmazonOrderReader(createAmazonClients(credentials, clock))),
  operation: 'getOrder',
  plan: GET_ORDER_QUOTA,
}));
