/**
 * Method and path of each route that the console calls. Spelled out because the contract itself brings its schemas and
 * their library, 30 kB that nobody needs in a browser; a test holds these against it.
 */
export const PATHS = {
  listOrders: { method: 'GET', path: '/v1/orders' },
  readOrder: { method: 'GET', path: '/v1/orders/{marketplace}/{orderNumber}' },
  readBuyer: { method: 'GET', path: '/v1/orders/{marketplace}/{orderNumber}/buyer' },
  listChannels: { method: 'GET', path: '/v1/channels' },
  openChannel: { method: 'POST', path: '/v1/channels' },
  switchSync: { method: 'PUT', path: '/v1/channels/{channelId}/switches/{switch}' },
  requestSync: { method: 'POST', path: '/v1/channels/{channelId}/sync' },
  saveAmazonCredentials: { method: 'PUT', path: '/v1/accounts/amazon/{accountId}/credentials' },
  saveEbayCredentials: { method: 'PUT', path: '/v1/accounts/ebay/{accountId}/credentials' },
  saveManomanoCredentials: { method: 'PUT', path: '/v1/accounts/manomano/{accountId}/credentials' },
  dryRunAmazonChannel: { method: 'POST', path: '/v1/channels/{channelId}/dry-runs/amazon' },
  dryRunEbayChannel: { method: 'POST', path: '/v1/channels/{channelId}/dry-runs/ebay' },
  dryRunManomanoChannel: { method: 'POST', path: '/v1/channels/{channelId}/dry-runs/manomano' },
  listPaymentReports: { method: 'GET', path: '/v1/payment-reports' },
  readPaymentReport: { method: 'GET', path: '/v1/payment-reports/{reportId}' },
  listPaymentReportRows: { method: 'GET', path: '/v1/payment-reports/{reportId}/buckets/{bucket}/rows' },
  requestReportUpload: { method: 'POST', path: '/v1/channels/{channelId}/payment-report-uploads' },
  listShipments: { method: 'GET', path: '/v1/shipments' },
  readShipment: { method: 'GET', path: '/v1/shipments/{shipmentKey}' },
  checkShipment: { method: 'POST', path: '/v1/shipments/{shipmentKey}/checks' },
  dismissShipmentProblems: { method: 'DELETE', path: '/v1/shipments/{shipmentKey}/problems' },
  askConfirmation: {
    method: 'POST',
    path: '/v1/orders/{marketplace}/{orderNumber}/confirmations/{shipmentKey}',
  },
  listDeadlines: { method: 'GET', path: '/v1/deadlines' },
  listActivity: { method: 'GET', path: '/v1/activity' },
} as const;
