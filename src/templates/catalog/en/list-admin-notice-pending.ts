export default `The mailing list $listname has $count requests that are waiting for a
moderator:

$data

Please look at them on the web pages of the list when you find the
time.
`;
