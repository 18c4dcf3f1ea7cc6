export default `Zu viele Nachrichten der Liste $listname an Ihre Adresse

    $sender_email

waren unzustellbar. Sie sind weiterhin Mitglied, erhalten aber bis auf
Weiteres keine Beiträge mehr.

Sobald Ihre Adresse wieder erreichbar ist, schreiben Sie bitte an
$owner_email, damit Sie wieder Beiträge bekommen. Andernfalls werden
wir Sie noch einige Male daran erinnern und Ihre Adresse schließlich aus
der Liste austragen.
`;
