// A minimal stub: Express, its form parser and a fixed reply. No authentication, no journal.
import express from 'express';
import { PATH, REPLY } from './reply.js';

const reply: unknown = JSON.parse(REPLY);
express()
  .use(express.urlencoded({ extended: false }))
  .post(PATH, (_request, response) => void response.json(reply))
  .listen(Number(process.argv[2]), '127.0.0.1');
