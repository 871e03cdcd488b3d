// Runs at the edge before the cache is asked: tells the origin that this is our CloudFront, and keeps the cache's keys few.
import cf from 'cloudfront';

const store = cf.kvs();

// Query names of the catalogue's routes; the program refuses every other with the same answer.
const known = /^(limit|after|sort|q|category|currency|count|filter\[(in_stock|price\.gte|price\.lte|attribute\.[a-z0-9_-]{1,64})\])$/;
const catalogue = /^\/v1\/(products|search|categories)(\/|$)/;

function refusal(name) {
  return {
    statusCode: 400,
    statusDescription: 'Bad Request',
    headers: { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } },
    body: JSON.stringify({
      type: 'about:blank', title: 'Bad Request', status: 400, code: 'invalid_parameter',
      errors: [{ parameter: name, detail: 'is no parameter of this route' }],
    }),
  };
}

async function handler(event) {
  const request = event.request;
  // Whatever a shopper sends under this name is written over.
  try {
    request.headers['shop-origin-secret'] = { value: await store.get('origin-secret') };
  } catch (error) {
    delete request.headers['shop-origin-secret'];
  }
  // What is traced costs money, and is the shop's to decide.
  delete request.headers['traceparent'];
  // /health/deep/REGION asks that region's load balancer, which knows the path without the region.
  if (request.uri.startsWith('/health/deep/')) request.uri = '/health/deep';
  if (!catalogue.test(request.uri)) return request;

  // In one order, so that the same question has one key. CloudFront's language knows no for…of.
  const sorted = {};
  const names = Object.keys(request.querystring).sort();
  for (let index = 0; index < names.length; index++) {
    let plain;
    try {
      plain = decodeURIComponent(names[index]);
    } catch (error) {
      return refusal(names[index]);
    }
    if (!known.test(plain)) return refusal(plain);
    sorted[names[index]] = request.querystring[names[index]];
  }
  request.querystring = sorted;
  return request;
}
