export default `Ihre Nachricht an die Mailingliste $listname wurde nicht angenommen.
Das sind die Gründe:

$reasons

Ihre Nachricht ist so angehängt, wie sie bei uns ankam.
`;
