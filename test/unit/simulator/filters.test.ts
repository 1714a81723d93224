import { comparableFilter, storedFilter } from '../../../local/simulator/exchange/filters';

it.each([
  ["RecipientTypeDetails -eq 'RoomMailbox'", "(RecipientTypeDetails -eq 'RoomMailbox')"],
  ["(RecipientTypeDetails -eq 'RoomMailbox')", "(RecipientTypeDetails -eq 'RoomMailbox')"],
  ["  City -eq 'a' -or City -eq 'b' ", "((City -eq 'a') -or (City -eq 'b'))"],
  ["(City -eq 'a') -or (City -eq 'b')", "((City -eq 'a') -or (City -eq 'b'))"],
  ['-not (City -eq $null)', '(-not (City -eq $null))'],
  ["City -eq '(London) -or City -eq x'", "(City -eq '(London) -or City -eq x')"],
])('keeps %s as %s', (given, kept) => {
  expect(storedFilter(given)).toBe(kept);
  expect(storedFilter(kept)).toBe(kept);
  expect(comparableFilter(given)).toBe(comparableFilter(kept));
});

it.each([
  ["City  -EQ 'London'", "((city -eq 'london'))"],
  ["( City -eq 'a' -or City -eq 'b' )", "((City -eq 'a') -or (City -eq 'b'))"],
])('takes %s for %s', (one, other) => {
  expect(comparableFilter(one)).toBe(comparableFilter(other));
});

it.each([
  ["City -eq 'a'", "City -eq 'b'"],
  ["City -eq 'a  b'", "City -eq 'a b'"],
  ["City -eq '(a)'", "City -eq 'a'"],
  ["(A -eq '1' -or B -eq '2') -and C -eq '3'", "A -eq '1' -or (B -eq '2' -and C -eq '3')"],
])('does not take %s for %s', (one, other) => {
  expect(comparableFilter(one)).not.toBe(comparableFilter(other));
});
