import { expect, test } from 'vitest';
import { signatureMatches, twilioSignature } from '../../src/alerts/twilio-signature.ts';

test("signs as in Twilio's documentation", () => {
  const params = {
    To: '+18005551212',
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    From: '+14158675309',
    Digits: '1234',
  };
  const signature = twilioSignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', params);
  expect(signature).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  expect(signatureMatches(signature, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')).toBe(true);
  expect(signatureMatches('', signature)).toBe(false);
  expect(signatureMatches(`${signature}=`, signature)).toBe(false);
});
