export default `Votre adresse $sender_email nous a envoyé un message de plus auquel la
liste de diffusion $display_name répondrait automatiquement. Vous avez
déjà reçu $count réponses de ce genre aujourd'hui. Pour éviter que
deux machines ne s'écrivent sans fin, celle-ci est la dernière jusqu'à
demain ; vos messages eux-mêmes continuent d'arriver.

Pour toute question, veuillez écrire aux propriétaires de la liste :
$owneremail.
`;
