/** Requests that no honest client sends: broken forms, wrong JSON, bad headers, huge fields, bytes that are no HTTP. */
import { connect } from 'node:net';
import type { Random } from './random.ts';

export interface Target {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly specimenId: string;
  readonly seizureId: string;
  /** A good JPEG. */
  readonly jpeg: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

export interface BadRequest {
  readonly name: string;
  /** undefined: the sender hung up and expects no answer. */
  send(target: Target): Promise<Answer | undefined>;
  /** Bodies and headers a lenient server may take. */
  readonly mayPass?: boolean;
}

type Init = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

async function ask(target: Target, path: string, { headers, ...init }: Init = {}): Promise<Answer> {
  const answer = await fetch(target.url + path, { ...(init as object), headers: { authorization: `Bearer ${target.key}`, ...headers } });
  return { status: answer.status, contentType: answer.headers.get('content-type'), body: await answer.text() };
}

const json = (method: string, path: (t: Target) => string, body: (t: Target) => string | Buffer, headers: Record<string, string> = {}) => (target: Target): Promise<Answer> =>
  ask(target, path(target), { method, headers: { 'content-type': 'application/json', ...headers }, body: body(target) });

/** Writes bytes on a socket and reads until the other side closes, or hangs up after `hangUpMs`. */
async function raw(target: Target, bytes: readonly (string | Buffer)[], hangUpMs?: number): Promise<Answer | undefined> {
  const socket = connect(target.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  for (const part of bytes) socket.write(part);
  if (hangUpMs !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, hangUpMs));
    socket.destroy();
    await closed;
    return undefined;
  }
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  socket.destroy();
  const status = Number(/^HTTP\/1\.\d (\d+)/.exec(text)?.[1] ?? 0);
  const at = text.indexOf('\r\n\r\n');
  return { status, contentType: /content-type: ([^\r]+)/i.exec(text)?.[1] ?? null, body: text.slice(at + 4) };
}

const head = (target: Target, line: string, ...headers: string[]): string => [line, 'Host: localhost', `Authorization: Bearer ${target.key}`, 'Connection: close', ...headers, '', ''].join('\r\n');
const part = (name: string, content: Buffer | string, filename?: string, type = 'image/jpeg'): Buffer =>
  Buffer.concat([Buffer.from(`--b0\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: ${type}`}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
const END = Buffer.from('--b0--\r\n');
const form = (make: (t: Target) => Buffer[], type = 'multipart/form-data; boundary=b0', path = (t: Target) => `/v1/specimens/${t.specimenId}/images`) => (target: Target): Promise<Answer> =>
  ask(target, path(target), { method: 'POST', headers: { 'content-type': type }, body: Buffer.concat(make(target)) });

const seizures = (): string => '/v1/seizures';
const seizure = (change: object): string => JSON.stringify({ country: 'NL', seizedOn: '2026-01-02', ...change });
const put = (digest: string, headers: Record<string, string> = { 'content-type': 'image/jpeg' }, body = (t: Target): Buffer => t.jpeg) => (target: Target): Promise<Answer> => ask(target, `/v1/images/${digest}`, { method: 'PUT', headers, body: body(target) });
const get = (path: string | ((t: Target) => string), headers: Record<string, string> = {}) => (target: Target): Promise<Answer> => ask(target, typeof path === 'string' ? path : path(target), { headers });

export const BAD_REQUESTS: readonly BadRequest[] = [
  // forms
  { name: 'a form without a boundary', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), END], 'multipart/form-data') },
  { name: 'a form with another boundary than stated', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), END], 'multipart/form-data; boundary=other') },
  { name: 'a form that does not end', send: form((t) => [part('photo', t.jpeg, 'a.jpg')]) },
  { name: 'a form that ends in its header', send: form(() => [Buffer.from('--b0\r\nContent-Disposition: form-da')]) },
  { name: 'an empty form', send: form(() => [END]) },
  { name: 'a form of no bytes', send: form(() => []) },
  { name: 'a form without a file', send: form(() => [part('side', 'obverse'), END]) },
  { name: 'a form with the file in another field', send: form((t) => [part('image', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with two files', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), part('photo', t.jpeg, 'b.jpg'), END]) },
  { name: 'a form whose photo is text', send: form(() => [part('photo', 'hello'), END]) },
  { name: 'a form with fifty fields', send: form((t) => [...Array.from({ length: 50 }, (_, i) => part(`f${i}`, 'x')), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with a field nobody knows', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), part('colour', 'red'), END]) },
  { name: 'a form with a field of 10 MB', send: form((t) => [part('side', 'x'.repeat(10_000_000)), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with a field name of 100 kB', send: form((t) => [part('n'.repeat(100_000), 'x'), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with __proto__ for a field', send: form((t) => [part('__proto__', 'x'), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with a file name that climbs', send: form((t) => [part('photo', t.jpeg, '../../../../etc/passwd'), END]), mayPass: true },
  { name: 'a form with a scale that is no number', send: form((t) => [part('mmPerPx', 'wide'), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with a scale beyond all bounds', send: form((t) => [part('mmPerPx', '1e300'), part('photo', t.jpeg, 'a.jpg'), END]) },
  { name: 'a form with an empty file', send: form(() => [part('photo', '', 'a.jpg'), END]) },
  { name: 'a form whose file says it is a program', send: form((t) => [part('photo', t.jpeg, 'a.jpg', 'application/x-msdownload'), END]) },
  { name: 'a form for a specimen that is not there', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), END], undefined, () => '/v1/specimens/sp_00000000000000000000000000/images') },
  { name: 'a form where JSON belongs', send: form((t) => [part('photo', t.jpeg, 'a.jpg'), END], undefined, seizures) },
  { name: 'a search form with broken JSON', send: form((t) => [part('request', '{"limit":'), part('photo', t.jpeg, 'a.jpg'), END], undefined, () => '/v1/searches') },
  { name: 'a form whose sender hangs up', send: (t) => raw(t, [head(t, `POST /v1/specimens/${t.specimenId}/images HTTP/1.1`, 'Content-Type: multipart/form-data; boundary=b0', 'Content-Length: 5000000'), part('photo', t.jpeg, 'a.jpg').subarray(0, 900)], 200) },
  // JSON
  ...([['broken', '{"country":'], ['empty', ''], ['null', 'null'], ['a list', '[]'], ['a number', '1e999'], ['a text', '"x"'], ['with a byte order mark', '\ufeff{'], ['NaN', '{"country":NaN}'], ['nested 100,000 deep', '['.repeat(100_000)], ['of 900 kB in one field', seizure({ place: 'x'.repeat(900_000) })],
    ['with __proto__', '{"__proto__":{"admin":true},"country":"NL","seizedOn":"2026-01-02"}'], ['with constructor.prototype', '{"constructor":{"prototype":{}},"country":"NL","seizedOn":"2026-01-02"}'],
    ['with a field nobody knows', seizure({ colour: 'red' })], ['with a country that is none', seizure({ country: 'XX' })], ['with a number for a country', seizure({ country: 7 })], ['with a day that is none', seizure({ seizedOn: '2026-02-30' })], ['with an object for a day', seizure({ seizedOn: {} })], ['with an empty reference', seizure({ reference: '   ' })], ['with a reference of 300 letters', seizure({ reference: 'r'.repeat(300) })]] as const)
    .map(([what, text]): BadRequest => ({ name: `JSON ${what}`, send: json('POST', seizures, () => text) })),
  // Over a bare socket: the refusal comes before the body is whole, and fetch would not read it.
  { name: 'JSON of 5 MB', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 5000000'), seizure({ place: 'x'.repeat(2_000) })]) },
  { name: 'JSON that is no UTF-8', send: json('POST', seizures, () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a])) },
  { name: 'JSON with a zero letter', send: json('POST', seizures, () => seizure({ place: 'a\u0000b' })), mayPass: true },
  { name: 'JSON with half a surrogate pair', send: json('POST', seizures, () => '{"country":"NL","seizedOn":"2026-01-02","place":"\\ud800"}'), mayPass: true },
  { name: 'JSON with SQL in it', send: json('POST', seizures, () => seizure({ reference: "'; DROP TABLE images; --" })), mayPass: true },
  { name: 'a text called JSON', send: json('POST', seizures, () => 'country=NL') },
  { name: 'a body of a type nobody reads', send: json('POST', seizures, () => '<a/>', { 'content-type': 'application/xml' }) },
  { name: 'a body without a type', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Length: 2'), '{}']) },
  { name: 'JSON that says it is compressed', send: json('POST', seizures, () => seizure({}), { 'content-encoding': 'gzip' }), mayPass: true },
  { name: 'a specimen of a seizure that is not there', send: json('POST', () => '/v1/specimens', () => JSON.stringify({ seizureId: 'sz_00000000000000000000000000', kind: 'tablet' })) },
  { name: 'a specimen of no kind', send: json('POST', () => '/v1/specimens', (t) => JSON.stringify({ seizureId: t.seizureId, kind: 'powder' })) },
  { name: 'an image that is not sealed, attached', send: json('POST', (t) => `/v1/specimens/${t.specimenId}/images`, () => JSON.stringify({ sha256: '0'.repeat(64) })) },
  { name: 'a lookup of nothing', send: json('POST', () => '/v1/images/lookup', () => '{"sha256":[]}') },
  { name: 'a lookup of 1,001 digests', send: json('POST', () => '/v1/images/lookup', () => JSON.stringify({ sha256: Array.from({ length: 1_001 }, () => 'a'.repeat(64)) })) },
  { name: 'a lookup of what is no digest', send: json('POST', () => '/v1/images/lookup', () => '{"sha256":["../../x"]}') },
  ...([{}, { probe: {} }, { probe: { faceId: 'fa_x', imageSha256: 'a'.repeat(64) } }, { probe: { faceId: 'fa_00000000000000000000000000' } }, { probe: { imageSha256: '0'.repeat(64) } }, { probe: { faceId: 'fa_1' }, limit: 0 }, { probe: { faceId: 'fa_1' }, limit: 1e9 }, { probe: { faceId: 'fa_1' }, mode: 'fast' }, { probe: { faceId: 'fa_1' }, filter: { dateFrom: '2026-02-02', dateTo: '2026-01-01' } }, { probe: { faceId: 'fa_1' }, filter: { countries: [] } }, { probe: { imageSha256: 'a'.repeat(64), mmPerPx: -1 } }] as object[])
    .map((body, i): BadRequest => ({ name: `a search that asks nothing sensible (${i + 1})`, send: json('POST', () => '/v1/searches', () => JSON.stringify(body)) })),
  // raw bodies
  { name: 'a file under another digest', send: put('a'.repeat(64)) },
  { name: 'a file under a digest in capitals', send: put('A'.repeat(64)) },
  { name: 'a file under something that is no digest', send: put('..%2f..%2fetc%2fpasswd') },
  { name: 'a file of a type nobody reads', send: put('a'.repeat(64), { 'content-type': 'text/html' }) },
  { name: 'a file without a type', send: (t) => raw(t, [head(t, `PUT /v1/images/${'a'.repeat(64)} HTTP/1.1`, `Content-Length: ${t.jpeg.length}`), t.jpeg]) },
  { name: 'no file at all', send: put('a'.repeat(64), { 'content-type': 'image/png' }, () => Buffer.alloc(0)) },
  { name: 'a file larger than the limit', send: put('a'.repeat(64), { 'content-type': 'image/jpeg' }, () => Buffer.alloc(65 * 2 ** 20, 0xff)) },
  { name: 'a file whose sender hangs up', send: (t) => raw(t, [head(t, `PUT /v1/images/${'a'.repeat(64)} HTTP/1.1`, 'Content-Type: image/jpeg', 'Content-Length: 5000000'), t.jpeg.subarray(0, 500)], 200) },
  // addresses
  ...['/v1/nothing', '/v1/images/%zz', '/v1/images/%00', '/v1/images/../../etc/passwd', '/v1/seizures/x', '/v1/seizures/sz_%27%20OR%201=1', '/v1/jobs/jb_1/events', `/v1/images/${'a'.repeat(5_000)}`, '/v1/seizures?limit=-1', '/v1/seizures?limit=1e9', '/v1/seizures?limit=ten', '/v1/seizures?cursor=%00garbage', '/v1/seizures?cursor=eyJ4IjoxfQ', '/v1/seizures?colour=red', '/v1/seizures?country=NL&country=DE', '/v1/seizures?dateFrom=yesterday', '/v1/searches/se_1/candidates', '/v1/photographs/ph_0/faces', '/v1/problems/none']
    .map((path): BadRequest => ({ name: `the address ${path.slice(0, 50)}`, send: get(path) })),
  { name: 'an address of 60 kB', send: (t) => raw(t, [head(t, `GET /v1/seizures?reference=${'x'.repeat(60_000)} HTTP/1.1`)]) },
  { name: 'the wrong method', send: (t) => ask(t, '/v1/seizures', { method: 'DELETE' }) },
  { name: 'a method nobody knows', send: (t) => raw(t, [head(t, 'BREW /v1/seizures HTTP/1.1')]) },
  // headers
  ...['', 'Bearer', 'Basic dXNlcjpwYXNz', 'Bearer rk_x', `Bearer rk_${'0'.repeat(26)}_${'a'.repeat(43)}`, `Bearer ${'x'.repeat(4_000)}`].map((authorization, i): BadRequest => ({ name: `a key that is none (${i + 1})`, send: get('/v1/seizures', { authorization }) })),
  { name: 'headers of 40 kB', send: (t) => raw(t, [head(t, 'GET /v1/seizures HTTP/1.1', `X-Long: ${'x'.repeat(40_000)}`)]) },
  { name: 'an Idempotency-Key of 400 letters', send: json('POST', seizures, () => seizure({}), { 'idempotency-key': 'k'.repeat(400) }) },
  { name: 'a wish to wait for minus one second', send: json('POST', () => '/v1/searches', () => '{}', { prefer: 'wait=-1' }) },
  { name: 'an event id that is none', send: get('/v1/jobs/jb_00000000000000000000000000/events', { 'last-event-id': 'x;y' }) },
  { name: 'a Content-Length that is no number', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Type: application/json', 'Content-Length: many'), '{}']) },
  { name: 'a Content-Length below zero', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Type: application/json', 'Content-Length: -5'), '{}']) },
  { name: 'two lengths at once', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 2', 'Transfer-Encoding: chunked'), '0\r\n\r\n']) },
  { name: 'a broken chunk', send: (t) => raw(t, [head(t, 'POST /v1/seizures HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'), 'zz\r\n{}\r\n0\r\n\r\n']) },
  { name: 'bytes that are no HTTP', send: (t) => raw(t, [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), '\r\n\r\n']) },
  { name: 'HTTP of another century', send: (t) => raw(t, ['GET /v1/seizures HTTP/9.9\r\n\r\n']) },
];

const VALUES: readonly unknown[] = [null, true, -1, 0, 1e308, 0.1, '', ' ', 'x', 'NL', '2026-01-02', '\u0000', '\ud83d\ude00'.repeat(50), 'x'.repeat(10_000), [], [[]], {}, { a: { b: {} } }, "' OR 1=1 --", '../../x', 'sz_1', 'sp_00000000000000000000000000'];
const BODIES: readonly (readonly [path: string, fields: readonly string[]])[] = [
  ['/v1/seizures', ['country', 'agency', 'seizedOn', 'place', 'drugType', 'reference', 'caseReference']],
  ['/v1/exhibits', ['seizureId', 'reference', 'description']],
  ['/v1/specimens', ['seizureId', 'exhibitId', 'kind', 'reference']],
  ['/v1/images/lookup', ['sha256']],
  ['/v1/searches', ['probe', 'filter', 'scope', 'homeCountry', 'limit', 'mode']],
];

/** A JSON body of known fields with random values, for a random route. */
export function fuzzedBody(random: Random): { path: string; body: string } {
  const [path, fields] = random.pick(BODIES);
  const body = Object.fromEntries(fields.filter(() => random.whole(0, 3) > 0).map((field) => [field, random.pick(VALUES)]));
  if (random.whole(0, 10) === 0) body[random.pick(['colour', '__proto__', 'toString'])] = random.pick(VALUES);
  const text = JSON.stringify(body);
  return { path, body: random.whole(0, 8) === 0 ? text.slice(0, random.whole(0, text.length)) : text };
}
