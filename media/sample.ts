// A small checkout. Put the cursor on a mark and press Ctrl+. (Cmd+. on a Mac).
import axios from 'axios';
import express from 'express';
import { Pool } from 'pg';

const app = express();
const pool = new Pool({ max: 10 });

app.post('/orders', async (request, response) => {
  const order = await pool.query('insert into orders (item) values ($1) returning id', [request.body.item]);
  const charge = await axios.post('http://billing:8080/charges', { order: order.rows[0].id });
  response.json({ id: order.rows[0].id, receipt: charge.data.receipt });
});

app.listen(3000);
