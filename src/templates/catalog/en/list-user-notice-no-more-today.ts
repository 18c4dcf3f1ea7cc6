export default `We have received one more message from your address $sender_email
that the $display_name mailing list would answer automatically.
Automatic answers sent to you today so far: $count. So that two
programs cannot answer each other without end, this is the last one
until tomorrow; your messages themselves still reach us.

If you have questions, please write to the owners of the list at
$owneremail.
`;
