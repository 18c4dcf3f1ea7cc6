export default `Requests that wait for a moderator of the mailing list $listname:
$count

$data

Please look at them on the web pages of the list when you find the
time.
`;
