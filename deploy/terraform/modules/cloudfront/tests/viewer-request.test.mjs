// The function as CloudFront runs it, but for the key-value store: node --test viewer-request.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const source = readFileSync(new URL('../viewer-request.js', import.meta.url), 'utf8').replace(/^import .*$/m, '');

function handlerWith(secret) {
  const cf = { kvs: () => ({ get: async () => { if (secret === undefined) throw new Error('no such key'); return secret; } }) };
  return new Function('cf', `${source}; return handler;`)(cf);
}

function request(uri, querystring = {}, headers = {}) {
  return { request: { method: 'GET', uri, querystring, headers } };
}
const value = (text) => ({ value: text });

test('the origin is told the secret, whatever a shopper sent', async () => {
  const sent = await handlerWith('ours')(request('/v1/carts', {}, { 'shop-origin-secret': value('forged') }));
  assert.equal(sent.headers['shop-origin-secret'].value, 'ours');
});

test('without a secret in the store a forged one is not let through', async () => {
  const sent = await handlerWith(undefined)(request('/v1/carts', {}, { 'shop-origin-secret': value('forged') }));
  assert.equal(sent.headers['shop-origin-secret'], undefined);
});

test('a shopper does not decide what is traced', async () => {
  const sent = await handlerWith('ours')(request('/v1/carts', {}, { traceparent: value('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01') }));
  assert.equal(sent.headers.traceparent, undefined);
});

test('a health check of a region asks for the path that the region knows', async () => {
  const sent = await handlerWith('ours')(request('/health/deep/eu-west-1'));
  assert.equal(sent.uri, '/health/deep');
});

test('the same question in another order is the same question', async () => {
  const sent = await handlerWith('ours')(request('/v1/products', { sort: value('price'), 'filter%5Bin_stock%5D': value('true'), after: value('x') }));
  assert.deepEqual(Object.keys(sent.querystring), ['after', 'filter%5Bin_stock%5D', 'sort']);
});

test('every name of the catalogue is let through', async () => {
  for (const name of ['limit', 'after', 'sort', 'q', 'category', 'currency', 'count', 'filter[in_stock]', 'filter[price.gte]', 'filter[price.lte]', 'filter[attribute.colour]']) {
    const sent = await handlerWith('ours')(request('/v1/products', { [name]: value('x') }));
    assert.ok(sent.querystring?.[name], name);
  }
});

test('a name that the catalogue does not know is refused at the edge', async () => {
  for (const name of ['utm_source', 'filter[price]', 'filter[attribute.UP]', '%E0%A4%A']) {
    const answer = await handlerWith('ours')(request('/v1/products/prod_1', { [name]: value('x') }));
    assert.equal(answer.statusCode, 400, name);
    assert.equal(JSON.parse(answer.body).code, 'invalid_parameter');
  }
});

test('queries of other routes are not looked at', async () => {
  const sent = await handlerWith('ours')(request('/v1/orders/ord_1', { anything: value('x') }));
  assert.ok(sent.querystring.anything);
});
