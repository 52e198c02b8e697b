export const settings = {
  port: Number(process.env.PORT ?? '3000'),
  databaseUrl: process.env.DATABASE_URL ?? 'postgres://shop:shop@localhost:5432/shop',
  redisUrl: process.env.REDIS_URL ?? 'redis://localhost:6379',
  amqpUrl: process.env.AMQP_URL ?? 'amqp://localhost:5672',
  ordersUrl: process.env.ORDERS_URL ?? 'http://localhost:3001',
  billingUrl: process.env.BILLING_URL ?? 'http://localhost:3002',
  paymentsUrl: process.env.PAYMENTS_URL ?? 'https://api.stripe.com',
};
