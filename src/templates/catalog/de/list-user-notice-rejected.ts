export default `Ihre Nachricht an die Mailingliste $listname wurde nicht angenommen.
Die Gründe dafür:

$reasons

Ihre Nachricht ist so angehängt, wie sie bei uns angekommen ist.
`;
