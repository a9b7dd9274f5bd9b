import { expect, it } from 'vitest';
import { ApiProblem } from '../../../src/api/problem.ts';
import { faultyFields } from '../../../src/ui/forms/useFaults.ts';

it('names the fields that the server refused', () => {
  const errors = [
    { path: '/body/expires_at', code: 'format', message: 'x' },
    { path: '/query/limit', code: 'maximum', message: 'y' },
  ];
  expect(faultyFields(new ApiProblem(400, { code: 'invalid_request', errors }))).toEqual(['expires_at']);
  expect(faultyFields(new Error('lost'))).toEqual([]);
});
