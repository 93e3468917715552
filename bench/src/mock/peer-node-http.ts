// The minimum: reads the body, checks nothing and stores nothing.
import { createServer } from 'node:http';
import { REPLY } from './reply.js';

const length = Buffer.byteLength(REPLY);
createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json;charset=UTF-8', 'Content-Length': length });
    response.end(REPLY);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
