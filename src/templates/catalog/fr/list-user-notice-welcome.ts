export default `Bienvenue sur la liste de diffusion $display_name !

Vous êtes désormais membre avec l'adresse $user_email.

Pour écrire aux membres, envoyez votre message à

    $listname

Pour savoir ce que la liste fait par courriel, et comment changer la
façon dont les messages vous parviennent, envoyez un message ayant
pour objet le mot « help » à

    $request_email

Pour vous désabonner, écrivez à

    $short_listname-leave@$domain

Les propriétaires de la liste répondent à vos questions à l'adresse
$owner_email.
`;
