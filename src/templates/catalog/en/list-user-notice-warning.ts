export default `Too much of the mail that the list $listname has sent to your address

    $sender_email

has bounced. You are still a member, but for the time being no more
posts are sent to you.

If your address works again, please write to $owner_email to have the
posts sent to you as before. Otherwise you will get some more
reminders like this one, and in the end your address will be removed
from the list.
`;
