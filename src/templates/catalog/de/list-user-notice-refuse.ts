export default `Die Moderation der Mailingliste $display_name hat diesen Antrag von
Ihnen abgelehnt:

    $request

Begründung:

$reason

Bei Fragen wenden Sie sich bitte an die Eigentümer der Liste:
$adminaddr.
`;
